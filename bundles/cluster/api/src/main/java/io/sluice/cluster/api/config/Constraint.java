package io.sluice.cluster.api.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A limit that a value must keep beyond being of its type. */
@FunctionalInterface
public interface Constraint {
    /** Everything of the type is allowed. */
    Constraint NONE = value -> null;

    /**
     * @param value a text of the key's type, trimmed
     * @return why it is not allowed; null when it is
     */
    @Nullable
    String problem(String value);

    static Constraint atLeast(long least) {
        return value -> Long.parseLong(value) >= least ? null : "Value must be at least " + least;
    }

    static Constraint between(long least, long most) {
        return value -> {
            long number = Long.parseLong(value);
            return number >= least && number <= most ? null : "Value must be between " + least + " and " + most;
        };
    }

    static Constraint fraction() {
        return value -> {
            double number = Double.parseDouble(value);
            if (number > 1) {
                return "Value must be no more than 1";
            }
            return number >= 0 ? null : "Value must be at least 0";
        };
    }

    static Constraint oneOf(String... allowed) {
        List<String> choices = List.of(allowed);
        return value -> choices.contains(value) ? null : "String must be one of: " + String.join(", ", choices);
    }

    /** A list of which every element is one of these; it may be empty. */
    static Constraint elementsOf(String... allowed) {
        List<String> choices = List.of(allowed);
        return value -> {
            if (value.isEmpty()) {
                return null;
            }
            boolean all = Arrays.stream(value.split(",", -1)).map(String::trim).allMatch(choices::contains);
            return all ? null : "String must be one of: " + String.join(", ", choices);
        };
    }

    static Constraint matching(String regex, String description) {
        Pattern pattern = Pattern.compile(regex);
        return value -> pattern.matcher(value).matches() ? null : "Value must be " + description;
    }

    /** This one, or exactly that text. */
    default Constraint or(String exception) {
        return value -> {
            String problem = value.equals(exception) ? null : problem(value);
            return problem == null ? null : problem + " or equal to " + exception;
        };
    }
}
