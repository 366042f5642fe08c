package io.scwatcher.host.agent;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import io.scwatcher.attestation.ratls.Attested;
import io.scwatcher.attestation.ratls.Claims;
import io.scwatcher.channel.page.EpochNumbers;
import io.scwatcher.channel.page.PageServer;
import io.scwatcher.channel.session.Admission;
import io.scwatcher.channel.session.Admitted;
import io.scwatcher.host.agent.AgentPolicy.Grant;
import io.scwatcher.host.agent.AgentPolicy.Rule;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides by the agent's policy who may read which of its VMs. Each grant has its own rate, which its connections share. */
final class PolicyAdmission implements Admission {
    /** That say that another enclave is meant; all others say what this one lacks. */
    private static final Set<Reason> ANOTHER = EnumSet.of(Reason.MRENCLAVE_REFUSED, Reason.MRSIGNER_REFUSED);

    private final AgentPolicy policy;
    private final List<ServedVm> vms;
    private final EpochNumbers numbers = new EpochNumbers();
    private final Map<Served, PageServer> servers = new HashMap<>();
    private final Map<Rule, Integer> connections = new HashMap<>();

    private record Served(Grant grant, ServedVm vm) {}

    PolicyAdmission(AgentPolicy policy, List<ServedVm> vms) {
        this.policy = policy;
        this.vms = List.copyOf(vms);
    }

    @Override
    public synchronized Admitted admit(Attested enclave, String wanted) throws AttestationException {
        List<AttestationException> refusals = new ArrayList<>();
        List<Rule> fitting = new ArrayList<>();
        for (Rule rule : policy.rules()) {
            try {
                check(rule, enclave);
                fitting.add(rule);
            } catch (AttestationException e) {
                refusals.add(e);
            }
        }
        if (fitting.isEmpty()) {
            throw refusals.stream().filter(refusal -> !ANOTHER.contains(refusal.reason())).findFirst().orElse(refusals.getFirst());
        }
        // Only whoever is accepted hears which VMs there are.
        ServedVm vm = vm(wanted);
        for (Rule rule : fitting) {
            Optional<Grant> grant = rule.grants().stream().filter(one -> one.isAbout(vm)).findFirst();
            if (grant.isPresent()) {
                return enter(rule, grant.get(), vm);
            }
        }
        throw refused("the policy does not let this enclave read the VM " + vm.name());
    }

    private static void check(Rule rule, Attested enclave) throws AttestationException {
        if (enclave.verdict() == null) {
            throw new AttestationException(Reason.PROVISIONED_UNTRUSTED, "the policy is about enclaves with quotes");
        }
        rule.enclave().check(enclave.verdict(), enclave.claims().value(Claims.BUNDLE), enclave.claims().value(Claims.CONFIGURATION));
    }

    private ServedVm vm(String wanted) throws AttestationException {
        if (wanted.isEmpty()) {
            if (vms.size() == 1) {
                return vms.getFirst();
            }
            throw refused("this agent serves several VMs: name one behind its address");
        }
        List<ServedVm> named = vms.stream().filter(one -> one.isCalled(wanted)).toList();
        if (named.size() != 1) {
            throw refused(named.isEmpty() ? "this agent serves no such VM" : "this agent serves several VMs of that name: name one by its UUID");
        }
        return named.getFirst();
    }

    private Admitted enter(Rule rule, Grant grant, ServedVm vm) throws AttestationException {
        int already = connections.getOrDefault(rule, 0);
        if (already >= rule.connections()) {
            throw refused("there are " + already + " connections of such enclaves already, as many as the policy allows");
        }
        connections.put(rule, already + 1);
        PageServer pages = servers.computeIfAbsent(new Served(grant, vm), _ -> new PageServer(vm.memory(), vm.identity(), grant.limits(), numbers));
        return new Admitted(pages, vm.name(), () -> leave(rule));
    }

    private synchronized void leave(Rule rule) {
        connections.computeIfPresent(rule, (_, count) -> count - 1);
    }

    private static AttestationException refused(String why) {
        return new AttestationException(Reason.ACCESS_REFUSED, why);
    }
}
