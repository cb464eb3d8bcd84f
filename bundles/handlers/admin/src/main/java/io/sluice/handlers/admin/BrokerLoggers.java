package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loggers of this broker as resources of the type BROKER_LOGGER (KIP-412): a change holds until the broker stops. SLF4J has
 * no way to set a level, and the container shows nobody Logback's classes, so its {@code getLoggerList},
 * {@code getEffectiveLevel} and {@code setLevel} are called by reflection. Under a backend that has none of these there are
 * no loggers to see or alter. Any thread.
 */
final class BrokerLoggers {
    private static final String ROOT = "root";
    private static final TreeSet<String> LEVELS =
            new TreeSet<>(List.of("DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"));

    private final ILoggerFactory factory;

    BrokerLoggers(ILoggerFactory factory) {
        this.factory = factory;
    }

    static BrokerLoggers ofSlf4j() {
        return new BrokerLoggers(LoggerFactory.getILoggerFactory());
    }

    /** Every logger that there is, by name, with the level that holds for it. */
    SortedMap<String, String> levels() {
        SortedMap<String, String> levels = new TreeMap<>();
        loggers().forEach((name, logger) -> levels.put(name, String.valueOf(call(logger, "getEffectiveLevel"))));
        return levels;
    }

    /** Why a change cannot be made; null when it can. */
    @Nullable
    Refusal refusal(ConfigChange change) {
        Map<String, Logger> loggers = loggers();
        for (ConfigChange.Entry entry : change.entries()) {
            Refusal refusal = refusal(entry, loggers);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Refusal refusal(ConfigChange.Entry entry, Map<String, Logger> loggers) {
        if (entry.operation() != ConfigChange.SET && entry.operation() != ConfigChange.DELETE) {
            return Refusal.invalid((entry.operation() == ConfigChange.APPEND ? "APPEND" : "SUBTRACT")
                    + " operation is not allowed for the BROKER_LOGGER resource");
        }
        if (!loggers.containsKey(entry.name())) {
            return new Refusal(ErrorCode.INVALID_CONFIG, "Logger " + entry.name() + " does not exist!");
        }
        if (entry.operation() == ConfigChange.DELETE) {
            return entry.name().equals(ROOT)
                    ? Refusal.invalid("Removing the log level of the root logger is not allowed")
                    : null;
        }
        return LEVELS.contains(String.valueOf(entry.value()))
                ? null
                : new Refusal(
                        ErrorCode.INVALID_CONFIG,
                        "Cannot set the log level of " + entry.name() + " to " + entry.value()
                                + " as it is not a supported log level. Valid log levels are "
                                + String.join(", ", LEVELS));
    }

    /** Makes a change that is not refused. A level that is deleted is inherited again. */
    void apply(ConfigChange change) {
        Map<String, Logger> loggers = loggers();
        for (ConfigChange.Entry entry : change.entries()) {
            Logger logger = loggers.get(entry.name());
            if (logger != null) {
                String level = entry.operation() == ConfigChange.DELETE ? null : entry.value();
                LoggerFactory.getLogger(BrokerLoggers.class)
                        .info("logger {}: {}", entry.name(), level == null ? "level inherited" : level);
                setLevel(logger, level);
            }
        }
    }

    private Map<String, Logger> loggers() {
        Map<String, Logger> byName = new TreeMap<>();
        Object all = call(factory, "getLoggerList");
        for (Object logger : all instanceof Collection<?> list ? list : List.of()) {
            Logger one = (Logger) logger;
            byName.put(
                    Logger.ROOT_LOGGER_NAME.equals(one.getName().toUpperCase(Locale.ROOT)) ? ROOT : one.getName(), one);
        }
        return byName;
    }

    private static void setLevel(Logger logger, @Nullable String level) {
        try {
            Class<?> type = logger.getClass().getClassLoader().loadClass("ch.qos.logback.classic.Level");
            Object value = level == null
                    ? null
                    : type.getField(level.equals("FATAL") ? "ERROR" : level).get(null);
            logger.getClass().getMethod("setLevel", type).invoke(logger, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the level of " + logger.getName() + " cannot be set", e);
        }
    }

    private static @Nullable Object call(Object target, String method) {
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (NoSuchMethodException e) {
            return null; // another backend than Logback
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " of the logging failed", e);
        }
    }
}
