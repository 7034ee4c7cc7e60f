// Stages and events of PETSc's log, as -log_view prints them.
#pragma once

#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// The event of this name, registered on first use. Objects that log an event look it up once.
[[nodiscard]] PetscLogEvent log_event(const char* name);

/// The time from construction to destruction counts for this event.
class LoggedEvent {
 public:
  explicit LoggedEvent(PetscLogEvent event) : event_(event) {
    PetscLogEventBegin(event_, nullptr, nullptr, nullptr, nullptr);
  }
  ~LoggedEvent() { PetscLogEventEnd(event_, nullptr, nullptr, nullptr, nullptr); }
  LoggedEvent(const LoggedEvent&) = delete;
  LoggedEvent& operator=(const LoggedEvent&) = delete;

 private:
  PetscLogEvent event_;
};

/// Events between construction and destruction count for this stage.
class LoggedStage {
 public:
  explicit LoggedStage(const char* name);
  ~LoggedStage();
  LoggedStage(const LoggedStage&) = delete;
  LoggedStage& operator=(const LoggedStage&) = delete;
};

}  // namespace lindwurm
