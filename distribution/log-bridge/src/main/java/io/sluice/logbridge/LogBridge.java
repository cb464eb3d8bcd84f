package io.sluice.logbridge;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes warnings and errors of the container on to SLF4J, so that a component that could not be activated is seen. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class LogBridge implements BundleActivator, LogListener {
    @Override
    public void start(BundleContext context) {
        new ServiceTracker<LogReaderService, LogReaderService>(context, LogReaderService.class, null) {
            @Override
            public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
                LogReaderService reader = super.addingService(reference);
                reader.addLogListener(LogBridge.this);
                return reader;
            }
        }.open();
    }

    @Override
    public void stop(BundleContext context) {
        LoggerFactory.getLogger(LogBridge.class).debug("the log bridge ends with its bundle");
    }

    @Override
    public void logged(LogEntry entry) {
        Logger log = LoggerFactory.getLogger(
                entry.getBundle() == null ? "osgi" : entry.getBundle().getSymbolicName());
        switch (entry.getLogLevel()) {
            case ERROR -> log.error("{}", entry.getMessage(), entry.getException());
            case WARN -> log.warn("{}", entry.getMessage(), entry.getException());
            default -> log.debug("{}", entry.getMessage(), entry.getException());
        }
    }
}
