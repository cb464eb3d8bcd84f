package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code doctor}: every check's findings, one sentence with one fix each; exit code 1 when there are any. */
final class DoctorCommand implements Command {
    private final List<Check> checks;

    DoctorCommand(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Looks at one thing that may be wrong. */
    @FunctionalInterface
    interface Check {
        void look(List<Finding> findings) throws CommandException;
    }

    /**
     * What is wrong.
     *
     * @param about what it is about: a partition, a bundle, a directory
     * @param problem one sentence without its full stop
     * @param fix what to do
     */
    record Finding(String severity, String about, String problem, String fix) {
        static Finding error(String about, String problem, String fix) {
            return new Finding("error", about, problem, fix);
        }

        static Finding warning(String about, String problem, String fix) {
            return new Finding("warning", about, problem, fix);
        }
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
    public int run(Invocation invocation) throws CommandException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : checks) {
            check.look(findings);
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
