package io.sluice.storage.api;

import java.util.Locale;
import java.util.Map;

/** Reads typed values from a map of strings; a wrong one is an {@link IllegalArgumentException} that names its key. */
final class ConfigReader {
    private final Map<String, String> values;
    private final Map<String, String> defaults;

    ConfigReader(Map<String, String> values, Map<String, String> defaults) {
        this.values = values;
        this.defaults = defaults;
    }

    String text(String key) {
        String value = values.get(key);
        if (value == null) {
            value = defaults.get(key);
        }
        if (value == null) {
            throw new IllegalArgumentException("no value and no default for " + key);
        }
        return value.trim();
    }

    long number(String key, long least, long most) {
        String text = text(key);
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw invalid(key, text, "not a whole number");
        }
        if (value < least || value > most) {
            throw invalid(key, text, value < least ? "must be at least " + least : "must be at most " + most);
        }
        return value;
    }

    long number(String key, long least) {
        return number(key, least, Long.MAX_VALUE);
    }

    int integer(String key, int least) {
        return (int) number(key, least, Integer.MAX_VALUE);
    }

    double ratio(String key) {
        String text = text(key);
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid(key, text, "not a number");
        }
        if (!(value >= 0.0 && value <= 1.0)) {
            throw invalid(key, text, "must be between 0 and 1");
        }
        return value;
    }

    boolean flag(String key) {
        String text = text(key).toLowerCase(Locale.ROOT);
        if (text.equals("true")) {
            return true;
        }
        if (text.equals("false")) {
            return false;
        }
        throw invalid(key, text, "must be true or false");
    }

    static IllegalArgumentException invalid(String key, String value, String why) {
        return new IllegalArgumentException("Invalid value " + value + " for configuration " + key + ": " + why);
    }
}
