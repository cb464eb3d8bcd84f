package io.sluice.admin.sdk;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code plugin:new}: writes a project to begin a plugin with. It touches nothing of the broker's. */
@Component
public final class NewPluginCommand implements Command {
    private static final int FAILED = 1;
    private static final int WRONG_ARGUMENTS = 2;

    private final ProjectWriter writer;

    @Activate
    public NewPluginCommand(BundleContext context) {
        this(Path.of(String.valueOf(context.getProperty("sluice.home")))
                .toAbsolutePath()
                .resolve("sdk")
                .toUri());
    }

    NewPluginCommand(URI sdk) {
        this.writer = new ProjectWriter(sdk);
    }

    @Override
    public String noun() {
        return "plugin";
    }

    @Override
    public String verb() {
        return "new";
    }

    @Override
    public String summary() {
        return "Writes a project of a plugin that works, to begin one with: " + ProjectKind.words();
    }

    @Override
    public String usage() {
        return "KIND NAME [--dir DIR] [--package PACKAGE]";
    }

    @Override
    public List<String> complete(List<String> words) {
        return words.isEmpty()
                ? Arrays.stream(ProjectKind.values()).map(ProjectKind::word).toList()
                : List.of();
    }

    @Override
    public int run(Invocation invocation) throws CommandException {
        String word = invocation.arguments().get(0);
        ProjectKind kind = ProjectKind.of(word);
        if (kind == null) {
            throw new CommandException(
                    WRONG_ARGUMENTS, "there is no kind " + word + " of plugins; there are " + ProjectKind.words());
        }
        ProjectName name = name(invocation);
        String dir = invocation.option("dir");
        Path directory = invocation
                .workingDirectory()
                .resolve(dir == null ? name.name() : dir)
                .normalize();
        List<Path> files;
        try {
            files = writer.write(kind, name, directory);
        } catch (IOException e) {
            throw new CommandException(FAILED, String.valueOf(e.getMessage()));
        }
        if (invocation.json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("directory", directory.toString());
            values.put("bundle", name.packageName());
            values.put("files", files.stream().map(Path::toString).toList());
            invocation.object(values);
        } else {
            invocation
                    .out()
                    .println("wrote " + files.size() + " files to " + directory + ": the " + kind.title() + " "
                            + name.name() + ", which works");
            invocation
                    .out()
                    .println("  cd " + directory + " && mvn -o verify      # builds it and puts it through its kit");
            invocation
                    .out()
                    .println("  plugin:dev " + directory + "      # installs it, and again whenever it is built");
        }
        return 0;
    }

    private static ProjectName name(Invocation invocation) throws CommandException {
        String given = invocation.arguments().get(1);
        String packageName = invocation.option("package");
        try {
            return packageName == null ? ProjectName.of(given) : new ProjectName(given, packageName);
        } catch (IllegalArgumentException e) {
            throw new CommandException(WRONG_ARGUMENTS, String.valueOf(e.getMessage()));
        }
    }
}
