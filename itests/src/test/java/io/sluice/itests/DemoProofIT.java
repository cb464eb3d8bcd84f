package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the demo tells a newcomer is so: it ends well, and the counts on its last lines say why. */
class DemoProofIT {
    private static final Pattern COUNTS = Pattern.compile(
            "written ([0-9,]+) +read ([0-9,]+) +lost ([0-9]+) +repeated ([0-9]+) +errors ([0-9]+) +longest pause ([0-9]+) ms");
    private static final Pattern REPLACED = Pattern.compile("\\* io\\.sluice\\.\\S+ is \\S+ now; writing paused");

    @Test
    void shouldEndTheDemoWithNothingLost() throws Exception {
        long begun = System.nanoTime();
        BrokerProcess.Result demo = BrokerProcess.run(
                List.of(BrokerProcess.home().resolve("bin/sluice").toString(), "demo"));
        long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
        Matcher counts = COUNTS.matcher(demo.out());
        assertThat(counts.find()).as(demo.out() + demo.err()).isTrue();
        long replaced = REPLACED.matcher(demo.out()).results().count();
        Proof.named("demo")
                .with("seconds", seconds)
                .with("replaced", replaced)
                .with("acknowledged", number(counts.group(1)))
                .with("read", number(counts.group(2)))
                .with("lost", counts.group(3))
                .with("repeated", counts.group(4))
                .with("errors", counts.group(5))
                .with("longest_pause_ms", counts.group(6))
                .print();
        assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out()).contains("GOOD: " + replaced + " times a part was replaced");
        assertThat(number(counts.group(1))).isPositive().isEqualTo(number(counts.group(2)));
        assertThat(List.of(counts.group(3), counts.group(4), counts.group(5))).containsOnly("0");
    }

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }
}
