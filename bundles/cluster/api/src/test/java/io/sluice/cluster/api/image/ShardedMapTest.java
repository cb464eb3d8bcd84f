package io.sluice.cluster.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShardedMapTest {
    @Property(tries = 200)
    void shouldBeLikeOrdinaryMapAndLeaveEarlierVersionsAlone(
            @ForAll @Size(max = 30) List<Map<@IntRange(max = 400) Integer, Integer>> added,
            @ForAll @Size(max = 30) List<Set<@IntRange(max = 400) Integer>> removed) {
        ShardedMap<Integer, Integer> map = ShardedMap.empty();
        Map<Integer, Integer> model = new HashMap<>();
        List<ShardedMap<Integer, Integer>> versions = new ArrayList<>();
        List<Map<Integer, Integer>> models = new ArrayList<>();
        for (int i = 0; i < Math.min(added.size(), removed.size()); i++) {
            map = map.with(added.get(i), removed.get(i));
            model.keySet().removeAll(removed.get(i));
            model.putAll(added.get(i));
            versions.add(map);
            models.add(new HashMap<>(model));
        }
        for (int i = 0; i < versions.size(); i++) {
            assertThat(contents(versions.get(i))).isEqualTo(models.get(i));
            assertThat(versions.get(i).size()).isEqualTo(models.get(i).size());
            assertThat(versions.get(i).values())
                    .containsExactlyInAnyOrderElementsOf(models.get(i).values());
            for (int key = 0; key <= 400; key++) {
                assertThat(versions.get(i).get(key)).isEqualTo(models.get(i).get(key));
            }
        }
    }

    private static <K, V> Map<K, V> contents(ShardedMap<K, V> map) {
        Map<K, V> contents = new HashMap<>();
        map.forEach(contents::put);
        return contents;
    }

    @Test
    void shouldBeEqualByContentWhateverTheHistory() {
        ShardedMap<String, Integer> direct = ShardedMap.<String, Integer>empty().with(Map.of("a", 1), Set.of());
        ShardedMap<String, Integer> detour = ShardedMap.<String, Integer>empty()
                .with(Map.of("a", 2, "b", 3), Set.of())
                .with(Map.of("a", 1), Set.of("b"));

        assertThat(detour).isEqualTo(direct).hasSameHashCodeAs(direct);
        assertThat(detour.with(Map.of("b", 1), Set.of())).isNotEqualTo(direct);
    }

    @Test
    void shouldNotBeChangedThroughItsViews() {
        ShardedMap<String, Integer> map = ShardedMap.<String, Integer>empty().with(Map.of("a", 1), Set.of());

        assertThatThrownBy(() -> map.values().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
