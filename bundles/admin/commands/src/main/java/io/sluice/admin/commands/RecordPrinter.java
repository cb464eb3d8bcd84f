package io.sluice.admin.commands;

import io.sluice.admin.api.Invocation;
import io.sluice.protocol.record.RecordHeader;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints records: the value, the key and a tab before it with {@code --keys}, everything as one JSON object a line with {@code --json}. */
final class RecordPrinter {
    private final Invocation invocation;
    private final boolean keys;
    private final boolean offsets;

    RecordPrinter(Invocation invocation) {
        this.invocation = invocation;
        this.keys = invocation.flag("keys");
        this.offsets = invocation.flag("offsets");
    }

    void print(int partition, RecordReader record) {
        if (invocation.json()) {
            invocation.object(describe(partition, record));
            return;
        }
        StringBuilder line = new StringBuilder();
        if (offsets) {
            line.append(partition).append('@').append(record.offset()).append('\t');
        }
        if (keys) {
            line.append(text(record.key())).append('\t');
        }
        invocation.out().println(line.append(text(record.value())));
    }

    private static Map<String, Object> describe(int partition, RecordReader record) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("partition", partition);
        values.put("offset", record.offset());
        values.put("timestamp", record.timestamp());
        values.put("key", record.hasKey() ? text(record.key()) : null);
        values.put("value", record.hasValue() ? text(record.value()) : null);
        Map<String, Object> headers = new LinkedHashMap<>();
        for (RecordHeader header : record.headers()) {
            headers.put(header.key(), header.value() == null ? null : text(header.value()));
        }
        values.put("headers", headers);
        return values;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
