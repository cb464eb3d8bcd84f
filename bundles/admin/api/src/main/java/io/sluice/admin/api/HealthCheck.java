package io.sluice.admin.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Something that the doctor looks at, as a whiteboard service. Called on a command's thread; must not block for long. */
@ConsumerType
@FunctionalInterface
public interface HealthCheck {
    /** What is wrong now; empty when nothing is. */
    List<Finding> look();

    /**
     * One thing that is wrong.
     *
     * @param severity {@code error} or {@code warning}
     * @param about what it is about: a partition, a bundle, a directory
     * @param problem what is wrong, a sentence without its full stop
     * @param fix what to do about it
     */
    record Finding(String severity, String about, String problem, String fix) {
        public static Finding error(String about, String problem, String fix) {
            return new Finding("error", about, problem, fix);
        }

        public static Finding warning(String about, String problem, String fix) {
            return new Finding("warning", about, problem, fix);
        }
    }
}
