package io.scwatcher.cli;

import io.scwatcher.host.Watch;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.PhysicalRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** {@code scwatcher profile}: what was found about a VM's kernel, and how long each step took. */
final class ProfileCommand extends Command {
    private final VmOptions vm = new VmOptions(this);
    private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

    ProfileCommand() {
        super("profile", "Shows what is found out about a VM's kernel from its memory alone, and how long each step takes.");
    }

    private record Step(String step, double milliseconds, String found) {}

    @Override
    public Integer call() {
        List<Step> steps = new ArrayList<>();
        long start = System.nanoTime();
        try (Watch watch = vm.open((step, nanoseconds, found) -> steps.add(new Step(step, milliseconds(nanoseconds), found)))) {
            steps.add(new Step("in all", milliseconds(System.nanoTime() - start), "with opening the source"));
            Map<String, Object> facts = facts(watch);
            if (json.get()) {
                facts.put("steps", steps);
                Json.print(facts);
            } else {
                print(facts, steps);
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> facts(Watch watch) {
        GuestMemory memory = watch.memory();
        KernelProfile profile = watch.profile();
        Kernel kernel = watch.kernel();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("source", memory.description());
        facts.put("live", memory.isLive());
        facts.put("ram", memory.ram().stream().map(ProfileCommand::describe).collect(Collectors.joining(", ")));
        facts.put("release", profile.release());
        facts.put("machine", profile.machine());
        facts.put("banner", profile.banner());
        facts.put("virtual KASLR offset", "%#x".formatted(profile.virtualOffset()));
        facts.put("physical base", "%#x".formatted(profile.physicalBase()));
        facts.put("page table levels", profile.pagingLevels());
        facts.put("CPUs possible", kernel.possibleCpus().length);
        facts.put("CPUs online", kernel.onlineCpus().length);
        facts.put("symbols", profile.symbolCount());
        facts.put("types", profile.typeCount());
        facts.put("modules with types", profile.modulesWithTypes(memory));
        facts.put("anomalies", kernel.anomalies().list());
        return facts;
    }

    private static void print(Map<String, Object> facts, List<Step> steps) {
        facts.forEach((name, value) -> System.out.printf("%-22s %s%n", name, value instanceof Map<?, ?> map
                ? map.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).collect(Collectors.joining(", "))
                : value instanceof List<?> list && list.isEmpty() ? "none" : value));
        System.out.println();
        for (Step step : steps) {
            System.out.printf("%8.1f ms  %-22s %s%n", step.milliseconds(), step.step(), step.found());
        }
    }

    private static String describe(PhysicalRange range) {
        return "%#x-%#x".formatted(range.start(), range.end() - 1);
    }

    private static double milliseconds(long nanoseconds) {
        return Math.round(nanoseconds / 1e5) / 10.0;
    }
}
