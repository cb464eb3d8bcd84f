package io.sluice.coordinator.streams.topology;

/** Why a topology cannot be processed now. */
public record TopicProblem(GroupStatus status, String detail) {}
