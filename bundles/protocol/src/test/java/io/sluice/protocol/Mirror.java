package io.sluice.protocol;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Looks at generated classes by reflection: compares ours with Kafka's field by field, and copies ours through getters and setters. */
final class Mirror {
    private static final Map<Class<?>, List<Property>> PROPERTIES = new ConcurrentHashMap<>();

    private Mirror() {}

    private record Property(Method getter, Method setter) {}

    private static List<Property> properties(Class<?> type) {
        return PROPERTIES.computeIfAbsent(type, key -> {
            List<Property> properties = new ArrayList<>();
            for (Method setter : key.getDeclaredMethods()) {
                if (setter.getName().startsWith("set") && setter.getParameterCount() == 1) {
                    String name = setter.getName().substring(3);
                    String getter = Character.toLowerCase(name.charAt(0)) + name.substring(1);
                    properties.add(new Property(method(key, getter), setter));
                }
            }
            return properties;
        });
    }

    private static Method method(Class<?> type, String name) {
        try {
            return type.getMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " of " + target, e);
        }
    }

    /** The path of the first field that differs, or null. */
    static @Nullable String difference(String path, @Nullable Object ours, @Nullable Object theirs) {
        if (ours == null || theirs == null) {
            return ours == theirs ? null : path + ": " + ours + " / " + theirs;
        }
        if (ours instanceof List<?> list) {
            return listDifference(path, list, (Collection<?>) theirs);
        }
        if (ours.getClass().getName().startsWith("io.sluice.protocol") && !(ours instanceof Records)) {
            return structDifference(path, ours, theirs);
        }
        return same(ours, theirs) ? null : path + ": " + ours + " / " + theirs;
    }

    private static @Nullable String listDifference(String path, List<?> ours, Collection<?> theirs) {
        if (ours.size() != theirs.size()) {
            return path + ": " + ours.size() + " / " + theirs.size() + " elements";
        }
        Iterator<?> other = theirs.iterator();
        for (int i = 0; i < ours.size(); i++) {
            String difference = difference(path + "[" + i + "]", ours.get(i), other.next());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String structDifference(String path, Object ours, Object theirs) {
        for (Property property : properties(ours.getClass())) {
            String name = property.getter.getName();
            String difference = difference(
                    path + "." + name, call(property.getter, ours), call(method(theirs.getClass(), name), theirs));
            if (difference != null) {
                return difference;
            }
        }
        int fields = properties(ours.getClass()).size();
        long theirFields = Arrays.stream(theirs.getClass().getDeclaredMethods())
                .filter(m -> m.getName().startsWith("set") && m.getParameterCount() == 1)
                .filter(m -> !m.getName().equals("setNext") && !m.getName().equals("setPrev"))
                .count();
        return fields == theirFields ? null : path + ": " + fields + " / " + theirFields + " fields";
    }

    private static boolean same(Object ours, Object theirs) {
        if (ours instanceof byte[] bytes) {
            return Arrays.equals(bytes, (byte[]) theirs);
        }
        if (ours instanceof ByteBufferRecords records) {
            return records.buffer().equals(((MemoryRecords) theirs).buffer());
        }
        if (ours instanceof io.sluice.base.Uuid id) {
            return id.toString().equals(theirs.toString());
        }
        return ours.equals(theirs);
    }

    /** A deep copy by way of getters and setters. */
    static Object copy(Object original) {
        Object copy;
        try {
            copy = original.getClass().getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        for (Property property : properties(original.getClass())) {
            Object result = call(property.setter, copy, copyValue(call(property.getter, original)));
            if (result != copy) {
                throw new IllegalStateException(property.setter + " does not return its object");
            }
        }
        @SuppressWarnings("unchecked")
        List<RawTaggedField> unknown =
                (List<RawTaggedField>) call(method(copy.getClass(), "unknownTaggedFields"), copy);
        ((List<?>) call(method(copy.getClass(), "unknownTaggedFields"), original))
                .forEach(field -> unknown.add((RawTaggedField) field));
        return copy;
    }

    private static @Nullable Object copyValue(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copyValue(element)));
            return copy;
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof ByteBuffer bytes) {
            return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        }
        boolean struct = value != null
                && value.getClass().getName().startsWith("io.sluice.protocol")
                && !(value instanceof Records);
        return struct ? copy(value) : value;
    }
}
