package io.sluice.cluster.api.config;

import org.jspecify.annotations.Nullable;

/** The type of a key's value, with its code in DescribeConfigs; knows which texts are of that type. */
public enum ConfigType {
    BOOLEAN(1),
    STRING(2),
    INT(3),
    SHORT(4),
    LONG(5),
    DOUBLE(6),
    LIST(7),
    CLASS(8),
    PASSWORD(9);

    private final byte code;

    ConfigType(int code) {
        this.code = (byte) code;
    }

    /** The number on the wire. */
    public byte code() {
        return code;
    }

    /** Whether values are kept out of every answer. */
    public boolean sensitive() {
        return this == PASSWORD;
    }

    /** @return why the text is not of this type; null when it is */
    @Nullable
    String problem(String text) {
        try {
            switch (this) {
                case BOOLEAN -> {
                    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                        return "Expected value to be either true or false";
                    }
                }
                case INT -> Integer.parseInt(text);
                case SHORT -> Short.parseShort(text);
                case LONG -> Long.parseLong(text);
                case DOUBLE -> Double.parseDouble(text);
                default -> {}
            }
            return null;
        } catch (NumberFormatException e) {
            return "Not a number of type " + name();
        }
    }
}
