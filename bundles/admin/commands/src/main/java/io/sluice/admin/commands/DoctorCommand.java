package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.admin.api.Invocation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code doctor}: every check's findings, one sentence with one fix each; exit code 1 when there are any. */
final class DoctorCommand implements Command {
    private final Collection<HealthCheck> checks;

    /** @param checks may change while it is used */
    DoctorCommand(Collection<HealthCheck> checks) {
        this.checks = checks;
    }

    @Override
    public String noun() {
        return "doctor";
    }

    @Override
    public String verb() {
        return "check";
    }

    @Override
    public String summary() {
        return "What is wrong with this broker, and what to do about it";
    }

    @Override
    public String usage() {
        return "";
    }

    @Override
    public int run(Invocation invocation) {
        List<Finding> findings = new ArrayList<>();
        for (HealthCheck check : checks) {
            findings.addAll(check.look());
        }
        if (invocation.json()) {
            invocation.table(
                    List.of("severity", "about", "problem", "fix"),
                    findings.stream().map(DoctorCommand::row).toList());
        } else if (findings.isEmpty()) {
            invocation.out().println("nothing is wrong");
        } else {
            findings.forEach(finding -> invocation
                    .out()
                    .println(finding.severity() + ": " + finding.about() + ": " + finding.problem() + "; "
                            + finding.fix()));
        }
        return findings.isEmpty() ? 0 : 1;
    }

    private static Map<String, String> row(Finding finding) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("severity", finding.severity());
        row.put("about", finding.about());
        row.put("problem", finding.problem());
        row.put("fix", finding.fix());
        return row;
    }
}
