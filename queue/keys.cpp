#include "queue/keys.hpp"

namespace genspool::queue::keys {
namespace {

std::string family(char name, std::size_t room) {
    std::string key;
    key.reserve(room);
    key.push_back(name);
    return key;
}

std::string numbered(char name, std::uint64_t number) {
    std::string key = family(name, 9);
    put_u64(key, number);
    return key;
}

std::string named(char name, std::string_view text) {
    std::string key = family(name, 1 + text.size());
    key.append(text);
    return key;
}

std::string pair(char name, std::uint64_t first, std::uint64_t second) {
    std::string key = family(name, 17);
    put_u64(key, first);
    put_u64(key, second);
    return key;
}

std::string sent(char name, proto::JobSeq job, proto::Send send) {
    std::string key = family(name, 13);
    put_u64(key, job.value);
    put_u32(key, send);
    return key;
}

std::uint64_t millis(proto::Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

}  // namespace

void put_u32(std::string& out, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU));
    }
}

void put_u64(std::string& out, std::uint64_t value) {
    put_u32(out, static_cast<std::uint32_t>(value >> 32U));
    put_u32(out, static_cast<std::uint32_t>(value));
}

std::uint32_t get_u32(std::string_view key, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        value = (value << 8U) | static_cast<std::uint8_t>(key[at + i]);
    }
    return value;
}

std::uint64_t get_u64(std::string_view key, std::size_t at) {
    return (static_cast<std::uint64_t>(get_u32(key, at)) << 32U) | get_u32(key, at + 4);
}

std::string meta(std::string_view name) {
    return named(meta_family, name);
}
std::string record(proto::JobSeq job) {
    return numbered(record_family, job.value);
}
std::string spec(proto::JobSeq job) {
    return numbered(spec_family, job.value);
}

std::string state(proto::State state, proto::JobSeq job) {
    std::string key = family(state_family, 10);
    key.push_back(static_cast<char>(state));
    put_u64(key, job.value);
    return key;
}

std::string ended(proto::Instant at, proto::JobSeq job) {
    return pair(ended_family, millis(at), job.value);
}

std::string batch(proto::BatchSeq batch) {
    return numbered(batch_family, batch.value);
}

std::string member(proto::BatchSeq batch, proto::JobSeq job) {
    return pair(member_family, batch.value, job.value);
}

std::string custom_id(proto::BatchSeq batch, std::string_view custom_id) {
    return numbered(custom_id_family, batch.value).append(custom_id);
}

std::string refused_line(proto::BatchSeq batch, std::uint64_t line) {
    return pair(refused_line_family, batch.value, line);
}

std::string note(proto::BatchSeq batch, std::string_view name) {
    return numbered(note_family, batch.value).append(name);
}

std::string event_note(proto::EventSeq event, std::string_view name) {
    return numbered(event_note_family, event.value).append(name);
}

std::string import(std::string_view identity) {
    return named(import_family, identity);
}

std::string idempotency(std::string_view scope_hash) {
    return named(idempotency_family, scope_hash);
}

std::string idempotency_end(proto::Instant at, std::string_view scope_hash) {
    return numbered(idempotency_end_family, millis(at)).append(scope_hash);
}

std::string event(proto::EventSeq event) {
    return numbered(event_family, event.value);
}

std::string history(proto::JobSeq job, proto::EventSeq event) {
    return pair(history_family, job.value, event.value);
}

std::string slot(proto::JobSeq job, proto::Send send) {
    return sent(slot_family, job, send);
}
std::string ledger(proto::JobSeq job, proto::Send send) {
    return sent(ledger_family, job, send);
}

std::string blob(std::string_view sha256) {
    return named(blob_family, sha256);
}

std::string blob_use(std::string_view sha256, proto::JobSeq job) {
    std::string key = named(blob_use_family, sha256);
    put_u64(key, job.value);
    return key;
}

std::string upload(std::string_view account, std::string_view sha256, std::string_view purpose) {
    std::string key = named(upload_family, account);
    key.push_back('\0');
    return key.append(sha256).append(purpose);
}

std::string order(std::string_view order) {
    return named(order_family, order);
}

std::string order(std::string_view order, proto::JobSeq job) {
    std::string key = named(order_family, order);
    put_u64(key, job.value);
    return key;
}

std::string awaited(proto::JobSeq job, proto::JobSeq waiting) {
    return pair(awaited_family, job.value, waiting.value);
}

std::string total(char kind, std::string_view day, std::string_view name, std::uint8_t unit) {
    std::string key = family(total_family, 14 + name.size());
    key.push_back(kind);
    key.append(day);
    key.push_back(static_cast<char>(unit));
    return key.append(name);
}

std::string batch_total(proto::BatchSeq batch, std::uint8_t unit) {
    std::string name;
    put_u64(name, batch.value);
    return total('b', {}, name, unit);
}

std::string doubt(std::string_view account) {
    std::string key = named(doubt_family, account);
    key.push_back('\0');
    return key;
}

std::string doubt(std::string_view account, proto::JobSeq job, proto::Send send) {
    std::string key = doubt(account);
    put_u64(key, job.value);
    put_u32(key, send);
    return key;
}

std::string voice(std::string_view provider, std::string_view voice) {
    std::string key = named(voice_family, provider);
    key.push_back('\0');
    return key.append(voice);
}

std::string task(std::string_view account, std::string_view task) {
    std::string key = named(task_family, account);
    key.push_back('\0');
    return key.append(task);
}

std::string thing(std::string_view account, const proto::Thing& thing) {
    std::string key = named(thing_family, account);
    key.push_back('\0');
    key.push_back(static_cast<char>(thing.kind));
    return key.append(thing.id);
}

std::string account(std::string_view name) {
    return named(account_family, name);
}
std::string cursor(std::string_view name) {
    return named(cursor_family, name);
}

std::string lane(std::uint32_t id) {
    std::string key = family(lane_family, 5);
    put_u32(key, id);
    return key;
}

std::string completions(std::string_view timed_as) {
    return named(completions_family, timed_as);
}

std::string family_begin(char family) {
    return std::string(1, family);
}
std::string family_end(char family) {
    return std::string(1, static_cast<char>(family + 1));
}

std::string prefix_end(std::string prefix) {
    while (!prefix.empty()) {
        if (static_cast<std::uint8_t>(prefix.back()) != 0xFFU) {
            prefix.back() = static_cast<char>(static_cast<std::uint8_t>(prefix.back()) + 1U);
            return prefix;
        }
        prefix.pop_back();
    }
    return prefix;
}

}  // namespace genspool::queue::keys
