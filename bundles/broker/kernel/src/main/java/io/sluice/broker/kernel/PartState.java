package io.sluice.broker.kernel;

/** Where a {@link PartRole} stands. */
enum PartState {
    ABSENT("Absent"),
    OPENING("Opening"),
    OPEN("Open"),
    CLOSING("Closing"),
    FAILED("Failed");

    private final String label;

    PartState(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
