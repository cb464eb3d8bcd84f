package io.sluice.storage.segment;

import io.sluice.storage.api.LogDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The mark {@code sluice-damage} in a partition's folder: as long as it is there, opening reads the whole log again. What it says is for
 * people; nothing is read from it.
 */
final class DamageFile {
    private DamageFile() {}

    static boolean exists(Path folder) {
        return Files.exists(folder.resolve(LogFileNames.DAMAGE));
    }

    /**
     * Makes the mark, or takes it away when nothing is damaged.
     *
     * @param holes whether there are bytes between batches that are none, even if no offset was lost with them
     */
    static void write(Path folder, List<LogDamage> damage, boolean holes) throws IOException {
        Path file = folder.resolve(LogFileNames.DAMAGE);
        if (damage.isEmpty() && !holes) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder text = new StringBuilder(damage.isEmpty() ? "bytes that are no batch lie between batches\n" : "");
        for (LogDamage range : damage) {
            text.append(range.describe()).append('\n');
        }
        TextFile.replace(file, text.toString(), true);
    }
}
