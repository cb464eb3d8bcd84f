package io.sluice.storage.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The segments of a log in the order of their offsets, the active one last. Immutable; never empty. */
final class SegmentList {
    private final LogSegment[] segments;

    SegmentList(List<LogSegment> segments) {
        this(segments.toArray(LogSegment[]::new));
    }

    private SegmentList(LogSegment[] segments) {
        if (segments.length == 0) {
            throw new IllegalArgumentException("a log has at least one segment");
        }
        this.segments = segments;
    }

    int count() {
        return segments.length;
    }

    LogSegment get(int index) {
        return segments[index];
    }

    LogSegment active() {
        return segments[segments.length - 1];
    }

    LogSegment first() {
        return segments[0];
    }

    List<LogSegment> all() {
        return List.of(segments);
    }

    /** The offset at which the segment ends; the log's end for the active one. */
    long endOf(int index, long logEndOffset) {
        return index + 1 < segments.length ? segments[index + 1].baseOffset() : logEndOffset;
    }

    /** The index of the segment that contains the offset; 0 when it lies below all. */
    int indexOf(long offset) {
        int last = segments.length - 1;
        if (segments[last].baseOffset() <= offset) {
            return last;
        }
        int low = 0;
        int high = last - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(0, high);
    }

    boolean beginsAt(long offset) {
        return segments[indexOf(offset)].baseOffset() == offset;
    }

    /** How many of its files are open. */
    int openFiles() {
        int open = 0;
        for (int i = 0; i < count(); i++) {
            open += get(i).file().isOpen() ? 1 : 0;
        }
        return open;
    }

    long sizeInBytes() {
        long bytes = 0L;
        for (LogSegment segment : segments) {
            bytes += segment.sizeInBytes();
        }
        return bytes;
    }

    /** Whether there are bytes that are no batch. */
    boolean hasHoles() {
        for (LogSegment segment : segments) {
            if (!segment.holes().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    SegmentList with(LogSegment next) {
        LogSegment[] more = Arrays.copyOf(segments, segments.length + 1);
        more[segments.length] = next;
        return new SegmentList(more);
    }

    SegmentList without(List<LogSegment> removed) {
        List<LogSegment> left = new ArrayList<>(Arrays.asList(segments));
        left.removeAll(removed);
        return new SegmentList(left);
    }

    /** With one segment in the place of several that follow each other. */
    SegmentList replacing(List<LogSegment> removed, LogSegment replacement) {
        List<LogSegment> left = new ArrayList<>(Arrays.asList(segments));
        int at = left.indexOf(removed.get(0));
        left.removeAll(removed);
        left.add(at, replacement);
        return new SegmentList(left);
    }
}
