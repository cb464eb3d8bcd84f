package io.sluice.storage.segment;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The holes of one segment in the order of their positions. Immutable. */
final class Holes {
    static final Holes NONE = new Holes(List.of());

    private final List<Hole> holes;

    private Holes(List<Hole> holes) {
        this.holes = List.copyOf(holes);
    }

    boolean isEmpty() {
        return holes.isEmpty();
    }

    List<Hole> all() {
        return holes;
    }

    Holes with(Hole next) {
        List<Hole> more = new ArrayList<>(holes);
        more.add(next);
        return new Holes(more);
    }

    /** Those below the position at which the file was cut. */
    Holes below(int position) {
        return holes.isEmpty()
                ? this
                : new Holes(
                        holes.stream().filter(hole -> hole.end() <= position).toList());
    }

    /** The position, or behind the hole in which it lies. */
    int behind(int position) {
        for (Hole hole : holes) {
            if (position >= hole.position() && position < hole.end()) {
                return hole.end();
            }
        }
        return position;
    }

    /** Where the next hole behind the position begins; the limit when that comes first. */
    int nextStart(int position, int limit) {
        for (Hole hole : holes) {
            if (hole.position() >= position) {
                return Math.min(limit, hole.position());
            }
        }
        return limit;
    }

    /** The hole in which the offset was lost; null when it was not. */
    @Nullable
    Hole containing(long offset) {
        for (Hole hole : holes) {
            if (hole.contains(offset)) {
                return hole;
            }
        }
        return null;
    }
}
