package io.sluice.admin.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
    @Test
    void shouldSplitAtBlanks() {
        assertThat(CommandWords.of("  topic:create  a --partitions\t3 "))
                .containsExactly("topic:create", "a", "--partitions", "3");
        assertThat(CommandWords.of("   ")).isEmpty();
    }

    @Test
    void shouldKeepTogetherWhatIsQuoted() {
        assertThat(CommandWords.of("record:produce t --value 'a \"b\" \\n' \"c '\\\" \\d\" e\\ f ''"))
                .containsExactly("record:produce", "t", "--value", "a \"b\" \\n", "c '\" \\d", "e f", "");
        assertThat(CommandWords.of("--value=a'b c'd")).containsExactly("--value=ab cd");
    }

    @Test
    void shouldSayThatAQuoteIsNotClosed() {
        assertThatThrownBy(() -> CommandWords.of("topic:list 'a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the quote ' is not closed");
        assertThatThrownBy(() -> CommandWords.of("topic:list \"a\\\"")).hasMessage("the quote \" is not closed");
    }

    @Property
    void shouldGiveBackWhateverWasQuoted(@ForAll List<String> words) {
        String line = words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        assertThat(CommandWords.of(line)).isEqualTo(words);
    }
}
