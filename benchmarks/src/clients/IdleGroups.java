import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Arguments: bootstrap, the broker's process id, "classic" or "consumer" (the protocol), groups, members of each, seconds to look at it
 * idle. Members are connections of this one thread that speak the group protocol and fetch like a consumer (500 ms, a second connection),
 * because some thousand KafkaConsumers would take the machine from the broker. Prints how long all groups took to form, what the broker
 * takes while nothing happens, and, for a single group, how long it takes until everybody agrees when a member joins and when one leaves.
 */
final class IdleGroups {
    private static final String TOPIC = "idle-groups";
    private static final double TICKS = 100.0;
    private static final int CLASSIC_HEARTBEAT_MS = 3_000;
    private static final int FETCH_WAIT_MS = 500;
    private static final int RETRY_MS = 100;
    private static final int PATIENCE_MS = 120_000;
    private static final int SETTLE_MS = 10_000;

    private final InetSocketAddress broker;
    private final boolean classic;
    private final int partitions;
    private final Selector selector = Selector.open();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::atMs));

    private IdleGroups(String bootstrap, boolean classic, int partitions) throws IOException {
        int colon = bootstrap.lastIndexOf(':');
        this.broker = new InetSocketAddress(
                bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
        this.classic = classic;
        this.partitions = partitions;
    }

    public static void main(String[] args) throws Exception {
        String bootstrap = args[0];
        Path process = Path.of("/proc", args[1]);
        int groups = Integer.parseInt(args[3]);
        int size = Integer.parseInt(args[4]);
        int seconds = Integer.parseInt(args[5]);
        int partitions = groups == 1 ? 2 * size : size;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1))).all().get();
            // Makes the topic of the coordinators, and waits until they have loaded it.
            admin.listConsumerGroupOffsets("nobody").partitionsToOffsetAndMetadata().get();
        }
        IdleGroups load = new IdleGroups(bootstrap, args[2].equals("classic"), partitions);
        List<Group> all = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            all.add(load.new Group("group-" + i));
        }
        long begun = System.nanoTime();
        for (int i = 0; i < size; i++) {
            for (Group group : all) {
                group.add();
            }
            load.turn(0);
        }
        load.await("form", () -> all.stream().allMatch(Group::agreed));
        System.out.printf("%s %d x %d: formed in %d ms%n", args[2], groups, size, millisSince(begun));
        load.turn(SETTLE_MS);
        long ticks = ticks(process);
        long from = System.nanoTime();
        load.turn(seconds * 1_000L);
        double idle = (ticks(process) - ticks) / TICKS / ((System.nanoTime() - from) / 1e9);
        System.out.printf("%s %d x %d: idle broker_cores=%.3f rss_mb=%d%n", args[2], groups, size, idle, rss(process));
        if (groups == 1) {
            Group group = all.get(0);
            for (int i = 0; i < 3; i++) {
                long joined = System.nanoTime();
                long cpu = ticks(process);
                group.add();
                load.await("take in one more", group::agreed);
                System.out.printf("%s %d x %d: joined in %d ms, broker CPU %.2f s%n", args[2], groups, size,
                        millisSince(joined), (ticks(process) - cpu) / TICKS);
                load.turn(1_000);
                long left = System.nanoTime();
                group.removeLast();
                load.await("go on without one", group::agreed);
                System.out.printf("%s %d x %d: left in %d ms%n", args[2], groups, size, millisSince(left));
                load.turn(1_000);
            }
        }
    }

    private static long millisSince(long begun) {
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private static long ticks(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long rss(Path process) throws IOException {
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IOException("no VmRSS of " + process);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String what, Condition condition) throws IOException {
        long begun = System.nanoTime();
        while (!condition.holds()) {
            if (millisSince(begun) > PATIENCE_MS) {
                throw new IOException("the groups did not " + what + " within " + PATIENCE_MS + " ms");
            }
            turn(5);
        }
    }

    /** Goes on with everything for that long. */
    private void turn(long millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000;
        do {
            long now = System.nanoTime() / 1_000_000;
            while (!timers.isEmpty() && timers.peek().atMs() <= now) {
                timers.poll().action().run();
            }
            long wait = Math.max(0, (end - System.nanoTime()) / 1_000_000);
            if (!timers.isEmpty()) {
                wait = Math.min(wait, Math.max(1, timers.peek().atMs() - now));
            }
            int ready = wait == 0 ? selector.selectNow() : selector.select(wait);
            if (ready > 0) {
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid()) {
                        ((Connection) key.attachment()).goOn(key);
                    }
                }
                selector.selectedKeys().clear();
            }
        } while (System.nanoTime() < end);
    }

    private void after(long millis, Action action) {
        timers.add(new Timer(System.nanoTime() / 1_000_000 + millis, action));
    }

    private interface Action {
        void run() throws IOException;
    }

    private record Timer(long atMs, Action action) {}

    private interface Answer {
        void accept(ApiMessage response) throws IOException;
    }

    /** A connection with one request under way at a time. */
    private final class Connection {
        private final SocketChannel channel;
        private ByteBuffer in = ByteBuffer.allocate(1 << 12);
        private ByteBuffer out = ByteBuffer.allocate(0);
        private short version;
        private ApiMessageType type = ApiMessageType.HEARTBEAT;
        private Answer answer = response -> {};
        private boolean asked;

        Connection() throws IOException {
            channel = SocketChannel.open(broker);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ask(ApiMessage request, int version, Answer answer) throws IOException {
            this.type = ApiMessageType.fromApiKey(request.apiKey());
            this.version = (short) version;
            this.answer = answer;
            this.asked = true;
            RequestHeaderData header = new RequestHeaderData()
                    .setRequestApiKey(request.apiKey())
                    .setRequestApiVersion(this.version)
                    .setClientId("idle-groups");
            ByteBuffer head = MessageUtil.toByteBufferAccessor(header, type.requestHeaderVersion(this.version))
                    .buffer();
            ByteBuffer body = MessageUtil.toByteBufferAccessor(request, this.version).buffer();
            int size = head.remaining() + body.remaining();
            out = ByteBuffer.allocate(4 + size).putInt(size).put(head).put(body).flip();
            channel.write(out);
            if (out.hasRemaining()) {
                channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        void goOn(SelectionKey key) throws IOException {
            if (key.isWritable()) {
                channel.write(out);
                if (!out.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            if (key.isReadable()) {
                read();
            }
        }

        private void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the broker closed a connection after " + type);
            }
            if (in.position() < 4) {
                return;
            }
            int frame = 4 + in.getInt(0);
            if (in.position() < frame) {
                if (in.capacity() < frame) {
                    in = ByteBuffer.allocate(frame).put(in.flip());
                }
                return;
            }
            in.flip().position(4);
            ByteBufferAccessor readable = new ByteBufferAccessor(in);
            new ResponseHeaderData(readable, type.responseHeaderVersion(version));
            ApiMessage response = type.newResponse();
            response.read(readable, version);
            in.clear();
            asked = false;
            answer.accept(response);
        }

        void close() throws IOException {
            channel.close();
        }
    }

    private final class Group {
        private final String id;
        private final List<Member> members = new ArrayList<>();

        Group(String id) {
            this.id = id;
        }

        void add() throws IOException {
            Member member = classic ? new ClassicMember(id) : new ConsumerMember(id);
            members.add(member);
            member.begin();
        }

        void removeLast() throws IOException {
            members.remove(members.size() - 1).leave();
        }

        /** Everybody is in the same generation, and each partition has one owner. */
        boolean agreed() {
            Set<Integer> epochs = new HashSet<>();
            Set<Integer> owned = new HashSet<>();
            int sum = 0;
            for (Member member : members) {
                epochs.add(member.epoch);
                owned.addAll(member.owned);
                sum += member.owned.size();
            }
            return epochs.size() == 1 && !epochs.contains(0) && sum == partitions && owned.size() == partitions;
        }
    }

    private abstract class Member {
        final String group;
        final Connection coordinator = new Connection();
        final Connection leader = new Connection();
        String id = "";
        int epoch;
        boolean gone;
        List<Integer> owned = List.of();

        Member(String group) throws IOException {
            this.group = group;
        }

        abstract void begin() throws IOException;

        void leave() throws IOException {
            gone = true;
            if (!coordinator.asked) {
                sayGoodbye();
            }
        }

        abstract void sayGoodbye() throws IOException;

        void close() throws IOException {
            coordinator.close();
            leader.close();
        }

        final void fetch() throws IOException {
            if (gone) {
                return;
            }
            if (owned.isEmpty()) {
                after(FETCH_WAIT_MS, this::fetch);
                return;
            }
            FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic().setTopic(TOPIC);
            for (int partition : owned) {
                topic.partitions()
                        .add(new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setPartitionMaxBytes(1 << 20));
            }
            leader.ask(
                    new FetchRequestData()
                            .setMaxWaitMs(FETCH_WAIT_MS)
                            .setMinBytes(1)
                            .setMaxBytes(50 << 20)
                            .setSessionEpoch(-1)
                            .setTopics(List.of(topic)),
                    12,
                    response -> fetch());
        }

        final boolean retried(short code, Action action) {
            Errors error = Errors.forCode(code);
            if (error == Errors.COORDINATOR_NOT_AVAILABLE
                    || error == Errors.COORDINATOR_LOAD_IN_PROGRESS
                    || error == Errors.NOT_COORDINATOR) {
                after(RETRY_MS, action);
                return true;
            }
            if (error != Errors.NONE) {
                throw new IllegalStateException(group + ": " + error);
            }
            return false;
        }
    }

    private final class ClassicMember extends Member {
        private boolean fetching;
        private boolean joining;

        ClassicMember(String group) throws IOException {
            super(group);
        }

        @Override
        void begin() throws IOException {
            join();
        }

        private void join() throws IOException {
            joining = true;
            owned = List.of();
            byte[] metadata = bytes(ConsumerProtocol.serializeSubscription(
                    new ConsumerPartitionAssignor.Subscription(List.of(TOPIC))));
            JoinGroupRequestData.JoinGroupRequestProtocolCollection protocols =
                    new JoinGroupRequestData.JoinGroupRequestProtocolCollection();
            protocols.add(new JoinGroupRequestData.JoinGroupRequestProtocol()
                    .setName("range")
                    .setMetadata(metadata));
            coordinator.ask(
                    new JoinGroupRequestData()
                            .setGroupId(group)
                            .setMemberId(id)
                            .setSessionTimeoutMs(45_000)
                            .setRebalanceTimeoutMs(300_000)
                            .setProtocolType("consumer")
                            .setProtocols(protocols),
                    9,
                    response -> joined((JoinGroupResponseData) response));
        }

        private void joined(JoinGroupResponseData response) throws IOException {
            if (gone) {
                sayGoodbye();
                return;
            }
            if (response.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
                id = response.memberId();
                join();
                return;
            }
            if (retried(response.errorCode(), this::join)) {
                return;
            }
            id = response.memberId();
            SyncGroupRequestData sync = new SyncGroupRequestData()
                    .setGroupId(group)
                    .setMemberId(id)
                    .setGenerationId(response.generationId())
                    .setProtocolType("consumer")
                    .setProtocolName("range");
            if (response.leader().equals(id)) {
                List<SyncGroupRequestData.SyncGroupRequestAssignment> shares = new ArrayList<>();
                int count = response.members().size();
                for (int i = 0; i < count; i++) {
                    List<TopicPartition> share = new ArrayList<>();
                    for (int partition = i; partition < partitions; partition += count) {
                        share.add(new TopicPartition(TOPIC, partition));
                    }
                    shares.add(new SyncGroupRequestData.SyncGroupRequestAssignment()
                            .setMemberId(response.members().get(i).memberId())
                            .setAssignment(bytes(ConsumerProtocol.serializeAssignment(
                                    new ConsumerPartitionAssignor.Assignment(share)))));
                }
                sync.setAssignments(shares);
            }
            coordinator.ask(sync, 5, answer -> synced(response.generationId(), (SyncGroupResponseData) answer));
        }

        private void synced(int generation, SyncGroupResponseData response) throws IOException {
            if (gone) {
                sayGoodbye();
                return;
            }
            if (response.errorCode() == Errors.REBALANCE_IN_PROGRESS.code()) {
                join();
                return;
            }
            if (retried(response.errorCode(), this::join)) {
                return;
            }
            joining = false;
            epoch = generation;
            owned = ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(response.assignment())).partitions().stream()
                    .map(TopicPartition::partition)
                    .toList();
            if (!fetching) {
                fetching = true;
                fetch();
            }
            after(CLASSIC_HEARTBEAT_MS, () -> beat(generation));
        }

        private void beat(int generation) throws IOException {
            if (gone || joining || generation != epoch) {
                return;
            }
            coordinator.ask(
                    new HeartbeatRequestData().setGroupId(group).setMemberId(id).setGenerationId(generation),
                    4,
                    response -> {
                        short code = ((HeartbeatResponseData) response).errorCode();
                        if (gone) {
                            sayGoodbye();
                        } else if (code == Errors.REBALANCE_IN_PROGRESS.code()) {
                            join();
                        } else if (!retried(code, () -> beat(generation))) {
                            after(CLASSIC_HEARTBEAT_MS, () -> beat(generation));
                        }
                    });
        }

        @Override
        void sayGoodbye() throws IOException {
            coordinator.ask(
                    new LeaveGroupRequestData()
                            .setGroupId(group)
                            .setMembers(List.of(
                                    new LeaveGroupRequestData.MemberIdentity()
                                            .setMemberId(id))),
                    5,
                    response -> close());
        }

        private static byte[] bytes(ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }
    }

    private final class ConsumerMember extends Member {
        private boolean fetching;

        ConsumerMember(String group) throws IOException {
            super(group);
            id = Uuid.randomUuid().toString();
        }

        @Override
        void begin() throws IOException {
            coordinator.ask(
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(group)
                            .setMemberId(id)
                            .setMemberEpoch(0)
                            .setRebalanceTimeoutMs(300_000)
                            .setSubscribedTopicNames(List.of(TOPIC))
                            .setTopicPartitions(List.of()),
                    1,
                    response -> answered((ConsumerGroupHeartbeatResponseData) response));
        }

        private void beat(List<ConsumerGroupHeartbeatRequestData.TopicPartitions> confirmed) throws IOException {
            if (gone) {
                return;
            }
            coordinator.ask(
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(group)
                            .setMemberId(id)
                            .setMemberEpoch(epoch)
                            .setTopicPartitions(confirmed),
                    1,
                    response -> answered((ConsumerGroupHeartbeatResponseData) response));
        }

        private void answered(ConsumerGroupHeartbeatResponseData response) throws IOException {
            if (gone) {
                sayGoodbye();
                return;
            }
            if (retried(response.errorCode(), epoch == 0 ? this::begin : () -> beat(null))) {
                return;
            }
            epoch = response.memberEpoch();
            if (response.assignment() == null) {
                after(response.heartbeatIntervalMs(), () -> beat(null));
                return;
            }
            List<Integer> before = owned;
            List<ConsumerGroupHeartbeatRequestData.TopicPartitions> confirmed = new ArrayList<>();
            List<Integer> now = new ArrayList<>();
            for (ConsumerGroupHeartbeatResponseData.TopicPartitions topic :
                    response.assignment().topicPartitions()) {
                now.addAll(topic.partitions());
                confirmed.add(new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                        .setTopicId(topic.topicId())
                        .setPartitions(topic.partitions()));
            }
            owned = now;
            if (!fetching) {
                fetching = true;
                fetch();
            }
            if (new HashSet<>(before).equals(new HashSet<>(now))) {
                after(response.heartbeatIntervalMs(), () -> beat(null));
            } else {
                beat(confirmed);
            }
        }

        @Override
        void sayGoodbye() throws IOException {
            coordinator.ask(
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(group)
                            .setMemberId(id)
                            .setMemberEpoch(-1),
                    1,
                    response -> close());
        }
    }
}
