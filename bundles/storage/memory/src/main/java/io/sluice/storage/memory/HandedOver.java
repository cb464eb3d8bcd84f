package io.sluice.storage.memory;

import java.io.IOException;
import java.util.Map;

/** Reads what the previous holder gave, which may be of another version: a part that is absent or of another type is told by its name. */
final class HandedOver {
    private HandedOver() {}

    /** @throws IOException when there is no such part */
    static <T> T part(Map<?, ?> contents, String name, Class<T> type) throws IOException {
        Object part = contents.get(name);
        if (!type.isInstance(part)) {
            throw new IOException("the contents that were handed over have no " + name);
        }
        return type.cast(part);
    }
}
