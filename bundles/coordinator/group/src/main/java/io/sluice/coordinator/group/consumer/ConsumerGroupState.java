package io.sluice.coordinator.group.consumer;

/** The state of a consumer group, as Kafka names it. */
public enum ConsumerGroupState {
    EMPTY("Empty"),
    ASSIGNING("Assigning"),
    RECONCILING("Reconciling"),
    STABLE("Stable");

    private final String label;

    ConsumerGroupState(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
