package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenerPortsTest {
    @TempDir
    Path folder;

    @Test
    void shouldNameThePortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> ListenerPorts.requireFree(
                            options("listeners=A://127.0.0.1:0,PLAINTEXT://127.0.0.1:" + port), Map.of()))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("The port " + port + " on 127.0.0.1 is in use");
            taken.close();
            assertThatCode(() ->
                            ListenerPorts.requireFree(options("listeners=PLAINTEXT://127.0.0.1:" + port), Map.of()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void shouldNameTheHostThatIsNotKnown() {
        assertThatThrownBy(
                        () -> ListenerPorts.requireFree(options("listeners=PLAINTEXT://nowhere.invalid:9"), Map.of()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("nowhere.invalid:9");
    }

    @Test
    void shouldReadAddressesOfEveryForm() {
        assertThat(ListenerPorts.addresses("PLAINTEXT://:9092, SSL://[::1]:9093,X://127.0.0.1:9094"))
                .containsExactly(
                        new InetSocketAddress(9092),
                        new InetSocketAddress("::1", 9093),
                        new InetSocketAddress("127.0.0.1", 9094));
    }

    @Test
    void shouldLeaveToTheKernelWhatItDoesNotUnderstand() {
        assertThat(ListenerPorts.addresses("PLAINTEXT://host,x:y,,A://h:99999,B://h:-1"))
                .isEmpty();
    }

    @Test
    void shouldLetTheLastSettingWinOverTheFileAndTheFileOverTheDefault() throws Exception {
        Map<String, String> etc = Map.of("listeners", "A://127.0.0.1:9");
        Path file = Files.writeString(folder.resolve("server.properties"), "listeners=A://127.0.0.1:1\n");
        assertThat(ListenerPorts.listeners(new RunOptions(folder, file.toString(), List.of("a=b")), etc))
                .isEqualTo("A://127.0.0.1:1");
        assertThat(ListenerPorts.listeners(
                        new RunOptions(
                                folder,
                                file.toString(),
                                List.of("listeners=A://127.0.0.1:2", "listeners=A://127.0.0.1:3")),
                        etc))
                .isEqualTo("A://127.0.0.1:3");
        assertThat(ListenerPorts.listeners(options("a=b"), etc)).isEqualTo("A://127.0.0.1:9");
        assertThat(ListenerPorts.listeners(options("a=b"), Map.of())).isEqualTo("PLAINTEXT://127.0.0.1:9092");
    }

    private RunOptions options(String setting) {
        return new RunOptions(folder, "", List.of(setting));
    }
}
