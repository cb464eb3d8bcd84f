package io.sluice.admin.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command's usage text allows: {@code NAME [OTHER]... [--flag] [--option VALUE]... --needed VALUE}. The text that
 * people read is also what arguments are checked against. Immutable.
 *
 * @param options by name, true for those that take a value
 * @param argumentsMin how many arguments there must be
 * @param argumentsMax how many there may be
 */
record CommandUsage(Map<String, Boolean> options, List<String> argumentNames, int argumentsMin, int argumentsMax) {
    private static final Pattern BRACKETED = Pattern.compile("\\[--([a-z][a-z-]*)(?:[ =]([^\\]]+))?\\](\\.\\.\\.)?");
    private static final Pattern BARE = Pattern.compile("--([a-z][a-z-]*)(?: ([^\\s\\[\\]-][^\\s]*))?");

    static CommandUsage parse(String usage) {
        Map<String, Boolean> options = new LinkedHashMap<>();
        String rest = take(BARE, take(BRACKETED, usage, options), options);
        options.put("json", false);
        options.put("help", false);
        List<String> names = new ArrayList<>();
        int min = 0;
        int max = 0;
        for (String token : rest.trim().split("\\s+")) {
            if (token.isEmpty()) {
                continue;
            }
            boolean repeated = token.endsWith("...");
            boolean optional = token.startsWith("[");
            names.add(token.replaceAll("[\\[\\].]", ""));
            min += optional ? 0 : 1;
            max = repeated || max == Integer.MAX_VALUE ? Integer.MAX_VALUE : max + 1;
        }
        return new CommandUsage(Map.copyOf(options), List.copyOf(names), min, max);
    }

    private static String take(Pattern pattern, String text, Map<String, Boolean> options) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            options.put(matcher.group(1), matcher.group(2) != null);
            matcher.appendReplacement(rest, "");
        }
        return matcher.appendTail(rest).toString();
    }

    boolean knows(String option) {
        return options.containsKey(option);
    }

    boolean takesValue(String option) {
        return Boolean.TRUE.equals(options.get(option));
    }
}
