package io.sluice.broker.api;

import io.sluice.protocol.ApiKey;

/** An API and the versions of it that are answered. */
public record AdvertisedApi(ApiKey api, short lowestVersion, short highestVersion) {}
