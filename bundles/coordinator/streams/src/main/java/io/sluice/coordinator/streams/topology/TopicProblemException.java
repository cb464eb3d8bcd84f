package io.sluice.coordinator.streams.topology;

/** The topics do not fit the topology. */
final class TopicProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient TopicProblem problem;

    TopicProblemException(GroupStatus status, String detail) {
        super(detail, null, false, false);
        this.problem = new TopicProblem(status, detail);
    }

    TopicProblem problem() {
        return problem;
    }
}
