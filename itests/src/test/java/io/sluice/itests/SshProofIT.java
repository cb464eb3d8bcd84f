package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * By ssh a user with a key finds the commands of {@code bin/sluice} and the shell; nobody else does. With {@code -Dproof.sabotage=any-key}, under which every key is accepted, it must
 * fail.
 */
class SshProofIT {
    private static final String BUNDLE = "io.sluice.admin.ssh";
    private static final String TOPIC = "reached";
    private static final Duration SOON = Duration.ofSeconds(30L);

    @TempDir
    Path folder;

    /**
     * What was tried and what came of it.
     *
     * @param wrongAnswers commands that did not answer as they do by {@code bin/sluice}
     * @param intruders logins that had to be refused and were not
     * @param shutOut logins that had to succeed and did not
     */
    private record Seen(int commands, int wrongAnswers, int refused, int intruders, int logins, int shutOut) {
        boolean isTrue() {
            return wrongAnswers == 0 && intruders == 0 && shutOut == 0 && refused > 0 && logins > 0;
        }
    }

    @Test
    void shouldLetInWhoHasAKeyAndNobodyElse() throws Exception {
        int port = BrokerProcess.freePort();
        String sabotage = Proof.sabotage();
        try (BrokerProcess broker = BrokerProcess.start(
                        folder.resolve("data"), sabotage, List.of(), "ssh.listener=127.0.0.1:" + port);
                SshUser ada = new SshUser();
                SshUser bob = new SshUser()) {
            Seen seen = observe(broker, port, ada, bob);
            assertThat(seen.isTrue()).as(seen.toString()).isTrue();
            terminal(broker, port, ada);
            permissions(broker, port, ada);
            goneUser(broker, port, ada);
            long retained = updated(broker, port, ada);
            Proof.named("ssh")
                    .with("commands", seen.commands())
                    .with("wrong_answers", seen.wrongAnswers())
                    .with("refused", seen.refused())
                    .with("intruders", seen.intruders())
                    .with("logins", seen.logins())
                    .with("shut_out", seen.shutOut())
                    .with("updates", 1)
                    .with("retained_loaders", retained)
                    .print();
            assertThat(retained).isZero();
        }
    }

    @Test
    void shouldFindThatEveryKeyIsAccepted() throws Exception {
        int port = BrokerProcess.freePort();
        try (BrokerProcess broker = BrokerProcess.startSabotaged(
                        "any-key", folder.resolve("data"), "ssh.listener=127.0.0.1:" + port);
                SshUser ada = new SshUser();
                SshUser bob = new SshUser()) {
            Seen seen = observe(broker, port, ada, bob);
            Proof.named("sabotage")
                    .with("kind", "any-key")
                    .with("intruders", seen.intruders())
                    .print();
            assertThat(seen.isTrue()).as("what a sabotaged broker lets in").isFalse();
            assertThat(seen.intruders()).isPositive();
        }
    }

    /** Logins and commands; bob's key is added while the broker runs. */
    private Seen observe(BrokerProcess broker, int port, SshUser ada, SshUser bob) throws Exception {
        Clients.createTopic(broker.bootstrap(), TOPIC, 2, java.util.Map.of());
        await().atMost(SOON).until(() -> Files.exists(broker.data().resolve("run/ssh")));
        assertThat(Files.readString(broker.data().resolve("run/ssh"))).isEqualTo("127.0.0.1:" + port + "\n");
        int intruders = ada.isLetIn(port) ? 1 : 0;
        SshUser.authorize(broker, "# people", "ssh-ed25519 AAAAnonsense mallory", ada.line());
        intruders += bob.isLetIn(port) ? 1 : 0;
        intruders += ada.isLetInByPassword(port) ? 1 : 0;
        int logins = 0;
        int wrong = 0;
        List<String> commands = List.of(
                "topic:list",
                "topic:list --json",
                "topic:describe " + TOPIC,
                "topic:describe 'no such topic'",
                "topic:create",
                "no:such",
                "help",
                "felix:lb --such");
        try (ClientSession session = ada.login(port)) {
            logins++;
            for (String command : commands) {
                wrong += isTheSame(broker, session, command) ? 0 : 1;
            }
            BrokerProcess.Result script =
                    SshUser.script(session, "topic:list\n\n# a comment\ntopic:describe nothing\nexit\ntopic:list\n");
            BrokerProcess.Result last = broker.command("topic:describe", "nothing");
            boolean right = script.exitCode() == last.exitCode()
                    && script.out().equals(broker.must("topic:list") + last.out())
                    && script.err().equals(last.err());
            wrong += right ? 0 : 1;
        }
        SshUser.authorize(broker, ada.line(), bob.line());
        logins += bob.isLetIn(port) ? 1 : 0;
        SshUser.authorize(broker, bob.line());
        intruders += ada.isLetIn(port) ? 1 : 0;
        SshUser.authorize(broker, ada.line());
        String log = Files.readString(broker.data().resolve("log/sluice.log"));
        assertThat(log).contains("authorized_keys:2", "damaged");
        Path key = broker.data().resolve("ssh/host_key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(key.resolveSibling("host_key.pub"))).startsWith(ada.hostKey() + " ");
        return new Seen(commands.size() + 1, wrong, 4 - intruders, intruders, logins, 2 - logins);
    }

    private static boolean isTheSame(BrokerProcess broker, ClientSession session, String command) throws Exception {
        List<String> words = command.equals("topic:describe 'no such topic'")
                ? List.of("topic:describe", "no such topic")
                : List.of(command.split(" "));
        BrokerProcess.Result here = broker.command(words.toArray(new String[0]));
        BrokerProcess.Result there = SshUser.exec(session, command);
        // bin/sluice help begins with the usage of the script itself
        boolean sameOutput = here.out().endsWith(there.out()) && !(there.out() + there.err()).isEmpty();
        boolean same =
                here.exitCode() == there.exitCode() && sameOutput && here.err().equals(there.err());
        if (!same) {
            System.out.println(command + " by bin/sluice: " + here + "\nby ssh: " + there);
        }
        return same;
    }

    /** A prompt, editing, completion, history, Ctrl-C, and the end. */
    private static void terminal(BrokerProcess broker, int port, SshUser ada) throws IOException {
        try (ClientSession session = ada.login(port);
                SshTerminal terminal = new SshTerminal(session)) {
            terminal.see("sluice> ");
            terminal.type("topic:lsit\u007f\u007f\u007fist\r");
            terminal.see(TOPIC);
            terminal.see("sluice> ");
            terminal.type("\u0010\r"); // the line before
            terminal.see(TOPIC);
            terminal.see("sluice> ");
            terminal.type("topic:desc\t" + TOPIC.substring(0, 4) + "\t\r");
            terminal.see(TOPIC);
            terminal.see("sluice> ");
            terminal.type("record:consume " + TOPIC + " --follow\r");
            await().atMost(SOON).until(() -> consuming(broker) == 1);
            terminal.type("\u0003");
            terminal.see("sluice> ");
            terminal.type("\u0004");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }

    /** What others may write lets nobody in, and the doctor says what to do. */
    private static void permissions(BrokerProcess broker, int port, SshUser ada) throws Exception {
        Path file = broker.data().resolve("ssh/authorized_keys");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(ada.isLetIn(port)).isFalse();
        assertThat(broker.command("doctor").out()).contains("chmod go-w " + file.toRealPath());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThat(ada.isLetIn(port)).isTrue();
        assertThat(broker.command("doctor").out()).doesNotContain("chmod");
    }

    /** The commands of a user whose connection is gone end with it. */
    private static void goneUser(BrokerProcess broker, int port, SshUser ada) throws Exception {
        ClientSession session = ada.login(port);
        session.createExecChannel("record:consume " + TOPIC + " --follow")
                .open()
                .verify(SOON);
        SshTerminal terminal = new SshTerminal(session);
        terminal.see("sluice> ");
        terminal.type("record:consume " + TOPIC + " --follow\r");
        terminal.see("--follow");
        await().atMost(SOON).until(() -> consuming(broker) == 2);
        session.close(true);
        await().atMost(SOON).until(() -> consuming(broker) == 0);
        await().atMost(SOON).until(() -> !threads(broker).contains("ServedChannel.serve"));
    }

    private static int consuming(BrokerProcess broker) throws Exception {
        return threads(broker).split("ConsumeCommand\\.run\\(", -1).length - 1;
    }

    private static String threads(BrokerProcess broker) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return BrokerProcess.run(List.of(jcmd.toString(), Long.toString(broker.pid()), "Thread.print"))
                .out();
    }

    /** An update ends what there is, and the same key meets the same host key after. @return class loaders that are left of the bundle before */
    private long updated(BrokerProcess broker, int port, SshUser ada) throws Exception {
        String hostKey = ada.hostKey();
        ClientSession session = ada.login(port);
        SshTerminal terminal = new SshTerminal(session);
        terminal.see("sluice> ");
        Path next = PluginJar.withVersion(PluginJar.inDistribution(BUNDLE), "0.1.1", folder);
        broker.must("plugin:update", BUNDLE, next.toString(), "--yes");
        await().atMost(SOON).until(session::isClosed);
        await().atMost(SOON).ignoreExceptionsInstanceOf(IOException.class).until(() -> ada.isLetIn(port));
        assertThat(ada.hostKey()).isEqualTo(hostKey);
        return LoaderCensus.retained(broker, BUNDLE);
    }
}
