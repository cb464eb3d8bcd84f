package io.sluice.itests;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;

/** Finds the error in an answer, wherever its schema has it. */
final class ErrorCodes {
    private ErrorCodes() {}

    /** Asks, and gives the first error of the answer; 0 when there is none. */
    static short of(RawClient client, ApiMessage request, int version) throws IOException {
        return first(client.ask(request, (short) version));
    }

    /** The first error of a message, its own before those of its parts; 0 when there is none. */
    static short first(Message message) {
        short found = 0;
        for (Field field : message.getClass().getDeclaredFields()) {
            if (found == 0 && !Modifier.isStatic(field.getModifiers())) {
                found = first(field.getName(), valueOf(field, message));
            }
        }
        return found;
    }

    private static short first(String name, Object value) {
        if (value instanceof Short code
                && name.toLowerCase(java.util.Locale.ROOT).endsWith("errorcode")) {
            return code;
        }
        if (value instanceof Message part) {
            return first(part);
        }
        if (value instanceof Collection<?> parts) {
            for (Object part : parts) {
                short found = first("", part);
                if (found != 0) {
                    return found;
                }
            }
        }
        return 0;
    }

    private static Object valueOf(Field field, Message message) {
        try {
            field.setAccessible(true);
            return field.get(message);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }
}
