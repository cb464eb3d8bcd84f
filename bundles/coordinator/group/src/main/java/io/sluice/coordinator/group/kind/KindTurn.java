package io.sluice.coordinator.group.kind;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.group.record.ForeignRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.group.record.GroupRecordSerde;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A turn of the partition as one kind sees it: with records of that kind only. */
record KindTurn(Turn<GroupRecord> turn, Set<Short> recordTypes) implements Turn<KindRecord> {
    @Override
    public long nowMs() {
        return turn.nowMs();
    }

    @Override
    public boolean write(List<KindRecord> records) {
        List<GroupRecord> foreign = new ArrayList<>(records.size());
        for (KindRecord record : records) {
            String groupId = GroupRecordSerde.groupIdOf(record.key());
            if (groupId == null || !recordTypes.contains(record.type())) {
                throw new IllegalArgumentException("a record of type " + record.type() + " is not of this kind");
            }
            foreign.add(new ForeignRecord(groupId, record));
        }
        return turn.write(foreign);
    }

    @Override
    public <T> void answer(Reply<T> reply, T outcome) {
        turn.answer(reply, outcome);
    }
}
