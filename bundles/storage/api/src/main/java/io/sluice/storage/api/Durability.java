package io.sluice.storage.api;

/** When what was appended counts as safe ({@code durability}). */
public enum Durability {
    /** Acknowledged and readable once it is in the operating system's page cache: a crash of the machine can take it, as in Kafka. */
    OS("os"),

    /** Acknowledged and readable once an fsync covers it; one fsync serves all that wait for it. */
    GROUP("group"),

    /** Acknowledged and readable at once, and synced within {@code durability.interval.ms}: a crash takes no more than that. */
    INTERVAL("interval");

    private final String configName;

    Durability(String configName) {
        this.configName = configName;
    }

    /** As it is written in a topic's configuration. */
    public String configName() {
        return configName;
    }

    static Durability ofConfigName(String name) {
        for (Durability durability : values()) {
            if (durability.configName.equals(name)) {
                return durability;
            }
        }
        throw ConfigReader.invalid(TopicConfigs.DURABILITY, name, "must be os, group or interval");
    }
}
