package io.sluice.admin.ssh;

import java.security.Provider;
import java.security.Security;
import java.util.Objects;
import java.util.Optional;
import org.apache.sshd.common.util.security.AbstractSecurityProviderRegistrar;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.common.util.security.eddsa.generic.EdDSASupport;

/** The provider of elliptic curves that every JDK has, as MINA SSHD wants to be told of it. */
final class JdkEdDsaRegistrar extends AbstractSecurityProviderRegistrar {
    private static final String PROVIDER = "SunEC";

    JdkEdDsaRegistrar() {
        super(SecurityUtils.EDDSA);
    }

    @Override
    public String getProviderName() {
        return PROVIDER;
    }

    @Override
    public Provider getSecurityProvider() {
        return Objects.requireNonNull(Security.getProvider(PROVIDER), PROVIDER);
    }

    @Override
    public boolean isSupported() {
        return Security.getProvider(PROVIDER) != null;
    }

    /** Nothing is asked of it by name: the JDK finds its own algorithms. */
    @Override
    public boolean isSecurityEntitySupported(Class<?> entityType, String name) {
        return false;
    }

    @Override
    public Optional<EdDSASupport<?, ?>> getEdDSASupport() {
        return Optional.of(new JdkEdDsa());
    }
}
