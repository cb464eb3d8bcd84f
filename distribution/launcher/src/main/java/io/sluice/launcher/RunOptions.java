package io.sluice.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The options of {@code run}.
 *
 * @param data the data directory
 * @param config a properties file with the broker's keys, or empty
 * @param settings {@code KEY=VALUE}, in order; {@code --port} and {@code --node-id} are such settings in short
 */
record RunOptions(Path data, String config, List<String> settings) {
    private static final int WRONG_ARGUMENTS = 2;

    static RunOptions parse(List<String> args) throws RefusedException {
        Path data = Path.of("data");
        String config = "";
        List<String> settings = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String option = args.get(i);
            String inline = null;
            int equals = option.indexOf('=');
            if (option.startsWith("--") && equals > 0) {
                inline = option.substring(equals + 1);
                option = option.substring(0, equals);
            }
            if (!List.of("--data", "--port", "--node-id", "--config", "--set").contains(option)) {
                throw new RefusedException(
                        WRONG_ARGUMENTS,
                        "run does not know " + args.get(i)
                                + "; it takes --data DIR, --port N, --node-id N, --config FILE and --set KEY=VALUE");
            }
            if (inline == null && ++i == args.size()) {
                throw new RefusedException(WRONG_ARGUMENTS, option + " needs a value");
            }
            String value = inline == null ? args.get(i) : inline;
            switch (option) {
                case "--data" -> data = Path.of(value);
                case "--config" -> config = readable(value);
                case "--port" -> settings.add("listeners=PLAINTEXT://127.0.0.1:" + number(option, value, 65_535));
                case "--node-id" -> settings.add("node.id=" + number(option, value, Integer.MAX_VALUE));
                default -> settings.add(setting(value));
            }
        }
        return new RunOptions(data.toAbsolutePath().normalize(), config, List.copyOf(settings));
    }

    private static String readable(String file) throws RefusedException {
        Path path = Path.of(file).toAbsolutePath();
        if (!Files.isReadable(path)) {
            throw new RefusedException(WRONG_ARGUMENTS, "The configuration file " + file + " cannot be read");
        }
        return path.toString();
    }

    private static int number(String option, String value, int most) throws RefusedException {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new RefusedException(WRONG_ARGUMENTS, option + " takes a number, not " + value);
        }
        throw new RefusedException(WRONG_ARGUMENTS, option + " takes a number from 0 to " + most + ", not " + value);
    }

    private static String setting(String value) throws RefusedException {
        if (value.indexOf('=') <= 0 || value.indexOf('\n') >= 0) {
            throw new RefusedException(WRONG_ARGUMENTS, "--set takes KEY=VALUE, not " + value);
        }
        return value;
    }
}
