package io.sluice.coordinator.streams.assignor;

/** How many tasks a member may keep so that all get equally many: as members reach it, what is left is spread over the others anew. */
final class Quota {
    private int tasks;
    private int members;
    private int perMember;

    Quota(int tasks, int members) {
        this.tasks = tasks;
        this.members = members;
        spread();
    }

    private void spread() {
        perMember = members == 0 ? 0 : (tasks + members - 1) / members;
    }

    boolean allows(int count) {
        return count < perMember;
    }

    /** A member has this many tasks now. */
    void reached(int count) {
        if (count == perMember && members > 0) {
            members--;
            tasks -= perMember;
            spread();
        }
    }
}
