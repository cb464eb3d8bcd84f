package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.CLOSE;
import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse;
import io.sluice.protocol.message.CreateAclsRequest;
import io.sluice.protocol.message.CreateAclsResponse;
import io.sluice.protocol.message.DeleteAclsRequest;
import io.sluice.protocol.message.DeleteAclsResponse;
import io.sluice.protocol.message.DescribeAclsResponse;
import io.sluice.protocol.message.DescribeClientQuotasResponse;
import io.sluice.protocol.message.DescribeConfigsRequest;
import io.sluice.protocol.message.DescribeConfigsResponse;
import io.sluice.protocol.message.DescribeUserScramCredentialsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import io.sluice.protocol.message.ListConfigResourcesResponse;
import java.util.LinkedHashSet;
import java.util.Set;

/** The errors of APIs of configurations, quotas, credentials and access. */
final class ConfigErrorAnswers {
    private ConfigErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        addConfigs(all);
        addQuotas(all);
        addAccess(all);
    }

    private static void addConfigs(ErrorAnswers all) {
        all.put(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                ErrorCode.NOT_CONTROLLER,
                (request, code) -> alter(request.read(new IncrementalAlterConfigsRequest()), code));
        all.put(ApiKey.ALTER_CONFIGS, CLOSE, (request, code) -> alter(request.read(new AlterConfigsRequest()), code));
        all.put(
                ApiKey.DESCRIBE_CONFIGS,
                CLOSE,
                (request, code) -> describe(request.read(new DescribeConfigsRequest()), code));
        all.put(ApiKey.LIST_CONFIG_RESOURCES, CLOSE, (request, code) -> new ListConfigResourcesResponse()
                .setErrorCode(code));
    }

    private static void addQuotas(ErrorAnswers all) {
        all.put(ApiKey.DESCRIBE_CLIENT_QUOTAS, CLOSE, (request, code) -> new DescribeClientQuotasResponse()
                .setErrorCode(code)
                .setErrorMessage(null)
                .setEntries(null));
        all.put(
                ApiKey.ALTER_CLIENT_QUOTAS,
                CLOSE,
                (request, code) -> alter(request.read(new AlterClientQuotasRequest()), code));
    }

    private static void addAccess(ErrorAnswers all) {
        all.put(
                ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                ErrorCode.NOT_CONTROLLER,
                (request, code) -> alter(request.read(new AlterUserScramCredentialsRequest()), code));
        all.put(
                ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                CLOSE,
                (request, code) -> new DescribeUserScramCredentialsResponse()
                        .setErrorCode(code)
                        .setErrorMessage(null));
        all.put(
                ApiKey.CREATE_ACLS,
                ErrorCode.NOT_CONTROLLER,
                (request, code) -> create(request.read(new CreateAclsRequest()), code));
        all.put(
                ApiKey.DELETE_ACLS,
                ErrorCode.NOT_CONTROLLER,
                (request, code) -> delete(request.read(new DeleteAclsRequest()), code));
        all.put(ApiKey.DESCRIBE_ACLS, CLOSE, (request, code) -> new DescribeAclsResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
    }

    private static IncrementalAlterConfigsResponse alter(IncrementalAlterConfigsRequest asked, short code) {
        return new IncrementalAlterConfigsResponse()
                .setResponses(each(
                        asked.resources(),
                        resource -> new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(code)
                                .setErrorMessage(null)));
    }

    private static AlterConfigsResponse alter(AlterConfigsRequest asked, short code) {
        return new AlterConfigsResponse()
                .setResponses(
                        each(asked.resources(), resource -> new AlterConfigsResponse.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(code)
                                .setErrorMessage(null)));
    }

    private static DescribeConfigsResponse describe(DescribeConfigsRequest asked, short code) {
        return new DescribeConfigsResponse()
                .setResults(each(asked.resources(), resource -> new DescribeConfigsResponse.DescribeConfigsResult()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(code)
                        .setErrorMessage(null)));
    }

    private static AlterClientQuotasResponse alter(AlterClientQuotasRequest asked, short code) {
        return new AlterClientQuotasResponse()
                .setEntries(each(asked.entries(), entry -> new AlterClientQuotasResponse.EntryData()
                        .setErrorCode(code)
                        .setErrorMessage(null)
                        .setEntity(each(entry.entity(), entity -> new AlterClientQuotasResponse.EntityData()
                                .setEntityType(entity.entityType())
                                .setEntityName(entity.entityName())))));
    }

    private static AlterUserScramCredentialsResponse alter(AlterUserScramCredentialsRequest asked, short code) {
        Set<String> users = new LinkedHashSet<>();
        asked.deletions().forEach(deletion -> users.add(deletion.name()));
        asked.upsertions().forEach(upsertion -> users.add(upsertion.name()));
        return new AlterUserScramCredentialsResponse()
                .setResults(each(users, user -> new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult()
                        .setUser(user)
                        .setErrorCode(code)
                        .setErrorMessage(null)));
    }

    private static CreateAclsResponse create(CreateAclsRequest asked, short code) {
        return new CreateAclsResponse()
                .setResults(each(asked.creations(), creation -> new CreateAclsResponse.AclCreationResult()
                        .setErrorCode(code)
                        .setErrorMessage(null)));
    }

    private static DeleteAclsResponse delete(DeleteAclsRequest asked, short code) {
        return new DeleteAclsResponse()
                .setFilterResults(each(asked.filters(), filter -> new DeleteAclsResponse.DeleteAclsFilterResult()
                        .setErrorCode(code)
                        .setErrorMessage(null)));
    }
}
