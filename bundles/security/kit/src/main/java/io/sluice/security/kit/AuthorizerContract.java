package io.sluice.security.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.sluice.security.api.Authorizer;
import io.sluice.security.api.AuthorizerFactory;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every authorizer does: it has an answer for everything, always the same one, from any thread. */
public abstract class AuthorizerContract {
    private static final int THREADS = 4;
    private static final int REPEATS = 200;

    protected static final Peer PEER = new Peer("PLAINTEXT", new InetSocketAddress("127.0.0.1", 50_000));
    protected Authorizer authorizer;

    /** A new factory of the authorizer under test. */
    protected abstract AuthorizerFactory factory();

    @BeforeEach
    void begin() {
        authorizer = factory().open();
    }

    @AfterEach
    void end() {
        authorizer.close();
    }

    /** Asks for each operation on each kind of resource, for somebody and for nobody known. */
    private static List<Boolean> everything(Authorizer of) {
        List<Boolean> answers = new ArrayList<>();
        for (Principal principal : List.of(Principal.ANONYMOUS, new Principal("User", "ada"))) {
            for (ResourceType type : ResourceType.values()) {
                for (Operation operation : Operation.values()) {
                    answers.add(of.mayDo(principal, PEER, operation, new Resource(type, "orders")));
                }
            }
            answers.add(of.mayDo(principal, PEER, Operation.ALTER, Resource.CLUSTER));
        }
        return answers;
    }

    @Test
    void shouldAnswerTheSameWhenAskedAgain() {
        assertThat(everything(authorizer)).isEqualTo(everything(authorizer));
    }

    @Test
    void shouldAnswerTheSameFromManyThreads() throws InterruptedException, ExecutionException {
        List<Boolean> expected = everything(authorizer);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                asked.add(threads.submit(() -> {
                    for (int n = 0; n < REPEATS; n++) {
                        assertThat(everything(authorizer)).isEqualTo(expected);
                    }
                }));
            }
            for (Future<?> one : asked) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldTakeNamesAsTheyCome() {
        for (String name : List.of("", "*", "orders", "a".repeat(100_000), "grüße\u0000\n")) {
            assertThatCode(() ->
                            authorizer.mayDo(new Principal("User", name), PEER, Operation.READ, Resource.topic(name)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void shouldBeClosedTwiceAndNotDisturbItsSuccessor() {
        Authorizer next = factory().open();
        List<Boolean> expected = everything(next);

        authorizer.close();
        authorizer.close();

        assertThat(everything(next)).isEqualTo(expected);
        next.close();
    }
}
