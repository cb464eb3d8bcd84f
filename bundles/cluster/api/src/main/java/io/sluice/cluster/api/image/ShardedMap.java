package io.sluice.cluster.api.image;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map that shares most of itself with the one it was made from: a change copies one of its 256 parts for each
 * key. Made for tens of thousands of entries of which few change at a time. Null is neither a key nor a value.
 */
public final class ShardedMap<K, V> {
    private static final int SHARDS = 256;
    private static final ShardedMap<?, ?> EMPTY = new ShardedMap<>(emptyShards(), 0);

    private final Map<K, V>[] shards;
    private final int size;

    private ShardedMap(Map<K, V>[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <K, V> ShardedMap<K, V> empty() {
        return (ShardedMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public @Nullable V get(K key) {
        return shards[shard(key)].get(key);
    }

    /** Without the keys of {@code removed}, then with all of {@code added}. */
    public ShardedMap<K, V> with(Map<K, V> added, Set<K> removed) {
        if (added.isEmpty() && removed.isEmpty()) {
            return this;
        }
        Map<K, V>[] copies = shards.clone();
        int newSize = size;
        for (K key : removed) {
            if (copies[shard(key)].containsKey(key)) {
                own(copies, shard(key)).remove(key);
                newSize--;
            }
        }
        for (Map.Entry<K, V> entry : added.entrySet()) {
            if (own(copies, shard(entry.getKey())).put(entry.getKey(), entry.getValue()) == null) {
                newSize++;
            }
        }
        return new ShardedMap<>(copies, newSize);
    }

    /** All values in no particular order. */
    public Collection<V> values() {
        return new Values();
    }

    /** Calls for every entry, in no particular order. */
    public void forEach(java.util.function.BiConsumer<? super K, ? super V> action) {
        for (Map<K, V> shard : shards) {
            shard.forEach(action);
        }
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof ShardedMap<?, ?> that) || that.size != size) {
            return false;
        }
        for (int i = 0; i < SHARDS; i++) {
            if (shards[i] != that.shards[i] && !shards[i].equals(that.shards[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (Map<K, V> shard : shards) {
            hash += shard.hashCode();
        }
        return hash;
    }

    private Map<K, V> own(Map<K, V>[] copies, int shard) {
        if (copies[shard] == shards[shard]) {
            copies[shard] = new HashMap<>(shards[shard]);
        }
        return copies[shard];
    }

    private static int shard(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash >>> 24;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <K, V> Map<K, V>[] emptyShards() {
        Map[] shards = new Map[SHARDS];
        java.util.Arrays.fill(shards, Map.of());
        return shards;
    }

    private final class Values extends AbstractCollection<V> {
        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<V> iterator() {
            return new Iterator<>() {
                private int next;
                private Iterator<V> current = shards[0].values().iterator();

                @Override
                public boolean hasNext() {
                    return nonEmpty().hasNext();
                }

                @Override
                public V next() {
                    return nonEmpty().next();
                }

                private Iterator<V> nonEmpty() {
                    while (!current.hasNext() && next < SHARDS - 1) {
                        current = shards[++next].values().iterator();
                    }
                    return current;
                }

                @Override
                public void remove() {
                    throw new UnsupportedOperationException("an image is immutable");
                }
            };
        }
    }
}
