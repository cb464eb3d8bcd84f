package io.sluice.admin.shell;

import io.sluice.admin.api.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words after a command's name, told apart into arguments and options and checked against the usage. Immutable.
 *
 * @param options the values of each option that was given, in order; an empty list for a flag
 */
record Arguments(List<String> arguments, Map<String, List<String>> options) {
    static final int WRONG_ARGUMENTS = 2;

    /** @throws CommandException with exit code 2 and one sentence, when the words are not what the usage allows */
    static Arguments parse(List<String> words, CommandUsage usage) throws CommandException {
        List<String> arguments = new ArrayList<>();
        Map<String, List<String>> options = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                arguments.addAll(words.subList(i + 1, words.size()));
                break;
            }
            if (word.equals("-h")) {
                options.put("help", List.of());
            } else if (!word.startsWith("--")) {
                arguments.add(word);
            } else {
                int equals = word.indexOf('=');
                String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
                requireKnown(name, usage);
                List<String> values = options.computeIfAbsent(name, ignored -> new ArrayList<>());
                if (equals >= 0) {
                    values.add(valueOf(name, word.substring(equals + 1), usage));
                } else if (usage.takesValue(name)) {
                    i++;
                    values.add(valueAt(name, words, i));
                }
            }
        }
        Arguments parsed = new Arguments(List.copyOf(arguments), options);
        if (!options.containsKey("help")) {
            parsed.requireCount(usage);
        }
        return parsed;
    }

    private static void requireKnown(String name, CommandUsage usage) throws CommandException {
        if (!usage.knows(name)) {
            List<String> nearest = Nearest.to(name, usage.options().keySet());
            String hint = nearest.isEmpty() ? "see --help" : "did you mean --" + nearest.get(0) + "?";
            throw new CommandException(WRONG_ARGUMENTS, "there is no option --" + name + "; " + hint);
        }
    }

    private static String valueOf(String name, String value, CommandUsage usage) throws CommandException {
        if (!usage.takesValue(name)) {
            throw new CommandException(WRONG_ARGUMENTS, "--" + name + " takes no value");
        }
        return value;
    }

    private static String valueAt(String name, List<String> words, int index) throws CommandException {
        if (index >= words.size()) {
            throw new CommandException(WRONG_ARGUMENTS, "--" + name + " needs a value");
        }
        return words.get(index);
    }

    private void requireCount(CommandUsage usage) throws CommandException {
        int count = arguments.size();
        if (count < usage.argumentsMin()) {
            throw new CommandException(WRONG_ARGUMENTS, usage.argumentNames().get(count) + " is missing; see --help");
        }
        if (count > usage.argumentsMax()) {
            throw new CommandException(
                    WRONG_ARGUMENTS, "one argument too many: " + arguments.get(usage.argumentsMax()));
        }
    }
}
