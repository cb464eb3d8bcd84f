package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeUserScramCredentialsRequest;
import io.sluice.protocol.message.DescribeUserScramCredentialsRequest.UserName;
import io.sluice.protocol.message.DescribeUserScramCredentialsResponse;
import io.sluice.protocol.message.DescribeUserScramCredentialsResponse.CredentialInfo;
import io.sluice.protocol.message.DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * DescribeUserScramCredentials (API 50): which mechanisms users have credentials for, and with how many iterations (KIP-554); never the
 * credentials. Without names, all users that have any.
 */
@Component(service = ApiHandler.class)
public final class DescribeUserScramCredentialsHandler implements ApiHandler {
    private final MetadataSource metadata;

    @Activate
    public DescribeUserScramCredentialsHandler(@Reference MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS;
    }

    @Override
    public void handle(Request request) {
        DescribeUserScramCredentialsRequest asked = request.read(new DescribeUserScramCredentialsRequest());
        boolean allowed = request.mayDo(Operation.DESCRIBE, Resource.CLUSTER);
        List<UserName> named = asked.users();
        MetadataImage image = metadata.image();
        Map<String, Integer> mentions = new TreeMap<>();
        if (named != null) {
            named.forEach(user -> mentions.merge(user.name(), 1, Integer::sum));
        }
        if (mentions.isEmpty() && allowed) {
            image.scramUsers().forEach(user -> mentions.put(user, 1));
        }
        DescribeUserScramCredentialsResponse response =
                new DescribeUserScramCredentialsResponse().setErrorMessage(null);
        mentions.forEach((user, times) -> response.results()
                .add(
                        allowed
                                ? result(user, times, image.scramCredentials(user))
                                : refused(user, Refusal.of(ErrorCode.CLUSTER_AUTHORIZATION_FAILED))));
        request.respond(allowed ? response : response.setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
    }

    private static DescribeUserScramCredentialsResult result(
            String user, int times, Map<ScramMechanism, ScramCredential> credentials) {
        if (times > 1) {
            return refused(
                    user,
                    new Refusal(
                            ErrorCode.DUPLICATE_RESOURCE,
                            "Cannot describe SCRAM credentials for the same user twice in a single request: " + user));
        }
        if (credentials.isEmpty()) {
            return refused(
                    user,
                    new Refusal(
                            ErrorCode.RESOURCE_NOT_FOUND,
                            "Attempt to describe a user credential that does not exist: " + user));
        }
        DescribeUserScramCredentialsResult result =
                new DescribeUserScramCredentialsResult().setUser(user).setErrorMessage(null);
        credentials.forEach((mechanism, credential) -> result.credentialInfos()
                .add(new CredentialInfo().setMechanism(mechanism.code()).setIterations(credential.iterations())));
        return result;
    }

    private static DescribeUserScramCredentialsResult refused(String user, Refusal refusal) {
        return new DescribeUserScramCredentialsResult()
                .setUser(user)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
