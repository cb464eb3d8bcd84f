package io.sluice.security.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes authenticators; the service is cheap, and the kernel's registry calls {@link #open} when nothing else holds the role. */
@ConsumerType
public interface AuthenticatorFactory {
    Authenticator open();
}
