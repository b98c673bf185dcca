#include "queue/keys.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {

/// The readers of the event log: how far each has come, and its notes on events.
namespace {

void put_event_note(Turn& turn, const NoteEvent& note) {
    // Retention, which goes first in a turn, may have been faster.
    const bool there =
        note.event >= turn.memory.first_event && note.event.value < turn.memory.counters.next_event;
    if (!there) return;
    std::string key = keys::event_note(note.event, note.name);
    if (note.value.empty()) {
        turn.plan.del(std::move(key));
    } else {
        turn.plan.put(std::move(key), note.value);
    }
}

}  // namespace

Answer handle(Turn& turn, const Consume& command) {
    Memory::Cursor& cursor = turn.memory.cursors[command.cursor];
    if (command.upto < cursor.upto) {
        return refused(Errc::stale, "cursor " + command.cursor + " is already further on");
    }
    cursor.upto = cursor.done = command.upto;
    if (command.returns_to && *command.returns_to <= command.upto)
        cursor.done.value = command.returns_to->value - 1;
    std::string value;
    keys::put_u64(value, cursor.upto.value);
    keys::put_u64(value, cursor.done.value);
    turn.plan.put(keys::cursor(command.cursor), std::move(value));
    for (const NoteBatch& note : command.notes) {
        if (turn.plan.batch(note.batch) == nullptr) continue;  // retention was faster
        put_note(turn, note);
    }
    for (const NoteEvent& note : command.event_notes)
        put_event_note(turn, note);
    return {};
}

Answer handle(Turn& turn, const DropCursor& command) {
    if (turn.memory.cursors.erase(command.cursor) == 0) return {Errc::already, {}, {}};
    turn.plan.del(keys::cursor(command.cursor));
    std::vector<std::string> notes;
    turn.store.scan(keys::family_begin(keys::event_note_family),
                    keys::family_end(keys::event_note_family),
                    [&](std::string_view key, std::string_view) {
                        if (key.substr(9) == command.cursor) notes.emplace_back(key);
                        return true;
                    });
    for (std::string& key : notes)
        turn.plan.del(std::move(key));
    return {};
}

}  // namespace genspool::queue
