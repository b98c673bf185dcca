#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/ids.hpp"
#include "proto/lifecycle.hpp"
#include "proto/thing.hpp"
#include "proto/time.hpp"

/// Every key of the database. One byte names the family, numbers follow big-endian, so that keys
/// sort as numbers do. docs/storage.md lists what stands under them.
namespace genspool::queue::keys {

inline constexpr char meta_family = 'm';
inline constexpr char record_family = 'j';
inline constexpr char spec_family = 'r';
inline constexpr char state_family = 'x';
inline constexpr char ended_family = 't';
inline constexpr char batch_family = 'b';
inline constexpr char member_family = 'i';
inline constexpr char custom_id_family = 'c';
inline constexpr char refused_line_family = 'l';
inline constexpr char note_family = 'n';
inline constexpr char import_family = 'I';
inline constexpr char idempotency_family = 'k';
inline constexpr char idempotency_end_family = 'K';
inline constexpr char event_family = 'e';
inline constexpr char history_family = 'h';
inline constexpr char slot_family = 's';
inline constexpr char ledger_family = '$';
inline constexpr char total_family = 'T';
inline constexpr char task_family = 'y';
inline constexpr char account_family = 'q';
inline constexpr char cursor_family = 'C';
inline constexpr char lane_family = 'L';
inline constexpr char awaited_family = 'w';
inline constexpr char blob_family = 'B';
inline constexpr char blob_use_family = 'U';
inline constexpr char upload_family = 'u';
inline constexpr char voice_family = 'v';
inline constexpr char doubt_family = 'd';
inline constexpr char completions_family = 'p';
inline constexpr char thing_family = 'o';
inline constexpr char order_family = 'a';
inline constexpr char event_note_family = 'N';

std::string meta(std::string_view name);
std::string record(proto::JobSeq job);
std::string spec(proto::JobSeq job);
std::string state(proto::State state, proto::JobSeq job);
std::string ended(proto::Instant at, proto::JobSeq job);
std::string batch(proto::BatchSeq batch);
std::string member(proto::BatchSeq batch, proto::JobSeq job);
std::string custom_id(proto::BatchSeq batch, std::string_view custom_id);
std::string refused_line(proto::BatchSeq batch, std::uint64_t line);
std::string note(proto::BatchSeq batch, std::string_view name);
std::string import(std::string_view identity);
std::string idempotency(std::string_view scope_hash);
std::string idempotency_end(proto::Instant at, std::string_view scope_hash);
std::string event(proto::EventSeq event);
/// Also the beginning of all notes on an event.
std::string event_note(proto::EventSeq event, std::string_view name);
std::string history(proto::JobSeq job, proto::EventSeq event);
std::string slot(proto::JobSeq job, proto::Send send);
std::string ledger(proto::JobSeq job, proto::Send send);
/// kind: 'd' of a day, 'a' of an account on a day.
std::string total(char kind, std::string_view day, std::string_view name, std::uint8_t unit);
std::string batch_total(proto::BatchSeq batch, std::uint8_t unit);
std::string voice(std::string_view provider, std::string_view voice);
/// Also the beginning of all of an account.
std::string doubt(std::string_view account);
std::string doubt(std::string_view account, proto::JobSeq job, proto::Send send);
std::string task(std::string_view account, std::string_view task);
std::string thing(std::string_view account, const proto::Thing& thing);
std::string account(std::string_view name);
std::string cursor(std::string_view name);
std::string lane(std::uint32_t id);
std::string completions(std::string_view timed_as);
std::string awaited(proto::JobSeq job, proto::JobSeq waiting);
/// Also the beginning of all jobs of an order, which is 16 bytes.
std::string order(std::string_view order);
std::string order(std::string_view order, proto::JobSeq job);
/// sha256: 64 hexadecimal digits in lower case.
std::string blob(std::string_view sha256);
std::string blob_use(std::string_view sha256, proto::JobSeq job);
/// Also the beginning of all of an account, or of all of a file at it.
std::string upload(std::string_view account, std::string_view sha256, std::string_view purpose);

/// The whole family, as [first, last).
std::string family_begin(char family);
std::string family_end(char family);
/// The first key after every key that begins with `prefix`.
std::string prefix_end(std::string prefix);

void put_u32(std::string& out, std::uint32_t value);
void put_u64(std::string& out, std::uint64_t value);
/// Big-endian number at `at`; the caller knows that it is there.
std::uint64_t get_u64(std::string_view key, std::size_t at);
std::uint32_t get_u32(std::string_view key, std::size_t at);

}  // namespace genspool::queue::keys
