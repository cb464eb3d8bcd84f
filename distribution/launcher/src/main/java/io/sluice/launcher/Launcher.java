package io.sluice.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The main class: {@code run} starts a broker in this process; every other command goes to one that is running. */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) {
        int exit;
        try {
            exit = run(List.of(args));
        } catch (RefusedException e) {
            System.err.println(e.getMessage());
            exit = e.exitCode();
        } catch (IOException e) {
            System.err.println("It failed: " + e.getMessage());
            exit = 1;
        }
        System.exit(exit);
    }

    private static int run(List<String> args) throws RefusedException, IOException {
        Path home =
                Path.of(System.getProperty("sluice.home", ".")).toAbsolutePath().normalize();
        if (!args.isEmpty() && args.get(0).equals("run")) {
            return new BrokerRun(home, RunOptions.parse(args.subList(1, args.size()))).run();
        }
        return CommandClient.run(args);
    }
}
