package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/**
 * Levels of loggers while the broker runs. SLF4J has no way to set one, and the container shows nobody Logback's classes, so
 * its {@code getLoggerList}, {@code getLevel} and {@code setLevel} are called by reflection.
 */
final class LoggerLevels {
    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private final ILoggerFactory factory;

    LoggerLevels(ILoggerFactory factory) {
        this.factory = factory;
    }

    /** The loggers that have a level of their own. */
    SortedMap<String, String> own() throws CommandException {
        SortedMap<String, String> levels = new TreeMap<>();
        Object loggers = call(factory, "getLoggerList");
        for (Object logger : loggers instanceof Collection<?> all ? all : List.of()) {
            Object level = call(logger, "getLevel");
            if (level != null) {
                levels.put(((Logger) logger).getName(), level.toString());
            }
        }
        return levels;
    }

    String effective(String name) throws CommandException {
        return String.valueOf(call(factory.getLogger(name), "getEffectiveLevel"));
    }

    /** @param level null to inherit it again */
    void set(String name, @Nullable String level) throws CommandException {
        Logger logger = factory.getLogger(name);
        try {
            Class<?> type = logger.getClass().getClassLoader().loadClass("ch.qos.logback.classic.Level");
            Object value = level == null ? null : type.getField(checked(level)).get(null);
            logger.getClass().getMethod("setLevel", type).invoke(logger, value);
        } catch (ReflectiveOperationException e) {
            throw unsupported(e);
        }
    }

    private static String checked(String level) throws CommandException {
        String upper = level.toUpperCase(Locale.ROOT);
        if (!LEVELS.contains(upper)) {
            throw new CommandException(
                    2, "there is no level " + level + "; there are trace, debug, info, warn, error and off");
        }
        return upper;
    }

    private static @Nullable Object call(Object target, String method) throws CommandException {
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (InvocationTargetException e) {
            throw new CommandException(1, method + " failed: " + e.getCause());
        } catch (ReflectiveOperationException e) {
            throw unsupported(e);
        }
    }

    private static CommandException unsupported(ReflectiveOperationException e) {
        return new CommandException(1, "this logging has no levels that can be set (" + e.getMessage() + ")");
    }
}
