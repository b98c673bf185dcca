#include "cli/event_reading.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using genspool::cli::EventReading;
using genspool::cli::StreamedEvent;

TEST_CASE("events are cut out of a stream that arrives byte by byte") {
    const std::string stream =
        ": connected\nretry: 2000\n\nid: 7\ndata: {\"a\":1}\n\n: still here\n\n"
        "id: 8\r\ndata: one\r\ndata:two\r\n\r\n";
    EventReading reading;
    std::vector<StreamedEvent> events;
    for (const char byte : stream) {
        reading.feed(std::string_view(&byte, 1));
        while (auto event = reading.next())
            events.push_back(*event);
    }
    REQUIRE(events.size() == 2);
    CHECK(events[0] == StreamedEvent{"7", "{\"a\":1}"});
    CHECK(events[1] == StreamedEvent{"8", "one\ntwo"});
}

TEST_CASE("an event that is not complete is kept back") {
    EventReading reading;
    reading.feed("id: 7\ndata: x\n");
    CHECK_FALSE(reading.next());
    reading.feed("\nid: 8\ndata: y\n\n");
    CHECK(reading.next()->id == "7");
    CHECK(reading.next()->id == "8");
    CHECK_FALSE(reading.next());
}
