package io.sluice.broker.api;

/** What can be done with a partition now; {@link PartitionStatus#state} is its {@link #label}. */
public enum PartitionStanding {
    ONLINE("Online"),
    /** Its engine or its replication strategy is not open, as while it is replaced: nobody knows where its log ends. */
    PARKED("Parked"),
    /** Clients' records are refused for want of space; what is there can be read. */
    READ_ONLY("ReadOnly"),
    /** It can be read in part and not be appended to. */
    DAMAGED("Damaged"),
    /** Nothing can be done with it until its log is opened again. */
    OFFLINE("Offline");

    private final String label;

    PartitionStanding(String label) {
        this.label = label;
    }

    /** As people read it. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException when no standing is called so */
    public static PartitionStanding of(String label) {
        for (PartitionStanding one : values()) {
            if (one.label.equals(label)) {
                return one;
            }
        }
        throw new IllegalArgumentException("a partition cannot be " + label);
    }
}
