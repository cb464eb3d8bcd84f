package io.sluice.broker.kernel;

import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** An engine whose logs are safe only when they are flushed, and whose flushes are counted and can fail. */
final class SlowDisk implements StorageEngineFactory {
    private final StorageEngineFactory real;
    int flushes;
    boolean hurried;
    java.nio.file.@Nullable Path directory;

    @Nullable
    String broken;

    boolean full;

    Runnable duringFlush = () -> {};

    SlowDisk(StorageEngineFactory real) {
        this.real = real;
    }

    @Override
    public StorageEngine open(StorageContext context) throws IOException {
        StorageEngine engine = real.open(context);
        return proxy(StorageEngine.class, (method, arguments) -> {
            Object result = call(engine, method, arguments);
            return method.getName().equals("open") ? store((LogStore) result) : result;
        });
    }

    private LogStore store(LogStore log) {
        long[] flushed = {0L};
        String[] failure = {null};
        return proxy(LogStore.class, (method, arguments) -> {
            switch (method.getName()) {
                case "flushedOffset":
                    return flushed[0];
                case "directory":
                    return java.util.Optional.ofNullable(directory);
                case "hurry":
                    hurried = (Boolean) arguments[0];
                    return null;
                case "failure":
                    return failure[0];
                case "flush":
                    long end = log.logEndOffset();
                    flushes++;
                    duringFlush.run();
                    if (full) {
                        throw new DiskFullException("No space left on device", new IOException("ENOSPC"));
                    }
                    if (broken != null) {
                        failure[0] = broken;
                        throw new IOException(broken);
                    }
                    flushed[0] = end;
                    return null;
                default:
                    return call(log, method, arguments);
            }
        });
    }

    private interface Answer {
        @Nullable
        Object to(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method, arguments)));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
