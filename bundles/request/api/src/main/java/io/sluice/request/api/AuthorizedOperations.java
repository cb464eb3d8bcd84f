package io.sluice.request.api;

import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.util.EnumSet;
import java.util.Set;

/**
 * The bit field in which answers tell what the asker may do to a resource (KIP-430): bit {@code n} stands for the
 * operation of code {@code n}.
 */
public final class AuthorizedOperations {
    /** Stands for "was not asked for". */
    public static final int NOT_ASKED = Integer.MIN_VALUE;

    private static final Set<Operation> TOPIC = EnumSet.of(
            Operation.READ,
            Operation.WRITE,
            Operation.CREATE,
            Operation.DESCRIBE,
            Operation.DELETE,
            Operation.ALTER,
            Operation.DESCRIBE_CONFIGS,
            Operation.ALTER_CONFIGS);
    private static final Set<Operation> GROUP = EnumSet.of(
            Operation.READ, Operation.DESCRIBE, Operation.DELETE, Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS);
    private static final Set<Operation> CLUSTER = EnumSet.of(
            Operation.CREATE,
            Operation.CLUSTER_ACTION,
            Operation.DESCRIBE_CONFIGS,
            Operation.ALTER_CONFIGS,
            Operation.IDEMPOTENT_WRITE,
            Operation.ALTER,
            Operation.DESCRIBE);
    private static final Set<Operation> TRANSACTIONAL_ID =
            EnumSet.of(Operation.DESCRIBE, Operation.WRITE, Operation.TWO_PHASE_COMMIT);
    private static final Set<Operation> DELEGATION_TOKEN = EnumSet.of(Operation.DESCRIBE);

    private AuthorizedOperations() {}

    /** Asks the authorizer for each operation that the resource's type knows. */
    public static int of(Request request, Resource resource) {
        int bits = 0;
        for (Operation operation : operationsOn(resource.type())) {
            if (request.mayDo(operation, resource)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }

    private static Set<Operation> operationsOn(ResourceType type) {
        return switch (type) {
            case TOPIC -> TOPIC;
            case GROUP -> GROUP;
            case CLUSTER -> CLUSTER;
            case TRANSACTIONAL_ID -> TRANSACTIONAL_ID;
            case DELEGATION_TOKEN -> DELEGATION_TOKEN;
            case USER -> Set.of();
        };
    }
}
