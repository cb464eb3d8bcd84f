package io.sluice.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Renders what a bundle promises: the public and protected members of the public types of its exported packages, sorted, a line each.
 * A generated type is one line with a digest of the same, since its schema says more than its members.
 */
final class Signatures {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
    private static final List<String> ROLES =
            List.of("org.osgi.annotation.versioning.ConsumerType", "org.osgi.annotation.versioning.ProviderType");
    private static final int DIGEST_CHARACTERS = 16;

    private Signatures() {}

    static String of(Collection<JavaClass> exported) {
        TreeMap<String, TreeMap<String, String>> packages = new TreeMap<>();
        for (JavaClass type : exported) {
            if (isVisible(type)) {
                packages.computeIfAbsent(heading(type.getPackage()), heading -> new TreeMap<>())
                        .put(type.getName(), render(type));
            }
        }
        StringBuilder text = new StringBuilder();
        packages.forEach((heading, types) -> {
            text.append(heading).append('\n');
            types.values().forEach(text::append);
        });
        return text.toString();
    }

    private static String heading(JavaPackage exported) {
        Object version = exported.getAnnotationOfType("org.osgi.annotation.versioning.Version")
                .get("value")
                .orElseThrow();
        return "package " + exported.getName() + " " + version;
    }

    private static boolean isVisible(JavaClass type) {
        Class<?> at = type.reflect();
        if (at.isAnonymousClass() || at.isSynthetic() || at.getSimpleName().equals("package-info")) {
            return false;
        }
        for (; at != null; at = at.getEnclosingClass()) {
            if (!isPromised(at.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPromised(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String render(JavaClass type) {
        Class<?> at = type.reflect();
        StringBuilder whole =
                new StringBuilder("  ").append(declaration(type, at)).append('\n');
        for (String member : members(at)) {
            whole.append("    ").append(member).append('\n');
        }
        return Bundles.isGenerated(type)
                ? "  " + at.getName() + " " + digest(whole.toString()) + "\n"
                : whole.toString();
    }

    private static String declaration(JavaClass type, Class<?> at) {
        StringBuilder text = new StringBuilder();
        for (String role : ROLES) {
            if (type.isAnnotatedWith(role)) {
                text.append('@')
                        .append(role.substring(role.lastIndexOf('.') + 1))
                        .append(' ');
            }
        }
        // newer JDKs say "sealed" here; "permits" says it on all of them
        text.append(at.toGenericString().replace("non-sealed ", "").replace("sealed ", ""));
        Type parent = at.getGenericSuperclass();
        if (parent != null && parent != Object.class && !at.isEnum() && !at.isRecord()) {
            text.append(" extends ").append(parent.getTypeName());
        }
        append(text, " implements ", at.getGenericInterfaces());
        if (at.isSealed()) {
            append(text, " permits ", at.getPermittedSubclasses());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String word, Type[] types) {
        if (types.length > 0) {
            text.append(word).append(Arrays.stream(types).map(Type::getTypeName).collect(Collectors.joining(", ")));
        }
    }

    private static Collection<String> members(Class<?> at) {
        Set<String> members = new TreeSet<>();
        if (at.isRecord()) {
            members.add(Arrays.stream(at.getRecordComponents())
                    .map(part -> part.getGenericType().getTypeName() + " " + part.getName())
                    .collect(Collectors.joining(", ", at.getName() + "(components) ", "")));
        }
        for (Field field : at.getDeclaredFields()) {
            if (isPromised(field)) {
                members.add(field.toGenericString());
            }
        }
        for (Constructor<?> constructor : at.getDeclaredConstructors()) {
            if (isPromised(constructor)) {
                members.add(constructor.toGenericString());
            }
        }
        for (Method method : at.getDeclaredMethods()) {
            if (isPromised(method) && !OF_EVERY_OBJECT.contains(method.getName())) {
                members.add(method.toGenericString() + (method.getDefaultValue() == null ? "" : " default"));
            }
        }
        return new ArrayList<>(members);
    }

    private static boolean isPromised(Member member) {
        return !member.isSynthetic() && isPromised(member.getModifiers());
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
