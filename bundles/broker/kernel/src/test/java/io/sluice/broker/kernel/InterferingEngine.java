package io.sluice.broker.kernel;

import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** An engine during whose every append something else happens. */
final class InterferingEngine {
    private InterferingEngine() {}

    static StorageEngineFactory of(StorageEngineFactory whole, Runnable meanwhile) {
        return context -> engine(whole.open(context), meanwhile);
    }

    private static StorageEngine engine(StorageEngine whole, Runnable meanwhile) {
        return proxy(StorageEngine.class, (self, method, arguments) -> {
            Object result = call(whole, method, arguments);
            return result instanceof LogStore store ? store(store, meanwhile) : result;
        });
    }

    private static LogStore store(LogStore whole, Runnable meanwhile) {
        return proxy(LogStore.class, (self, method, arguments) -> {
            Object result = call(whole, method, arguments);
            if (method.getName().startsWith("append")) {
                meanwhile.run();
            }
            return result;
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
