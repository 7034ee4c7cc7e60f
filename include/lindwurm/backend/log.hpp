// Stages and events of PETSc's log, as -log_view prints them.
#pragma once

#include "lindwurm/backend/petsc.hpp"

namespace lindwurm {

/// An event by name, registered when it is first asked for. Objects that log look it up once.
[[nodiscard]] PetscLogEvent log_event(const char* name);

/// Time from its making to its end counts as this event's.
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

/// Events between its making and its end count in this stage.
class LoggedStage {
 public:
  explicit LoggedStage(const char* name);
  ~LoggedStage();
  LoggedStage(const LoggedStage&) = delete;
  LoggedStage& operator=(const LoggedStage&) = delete;
};

}  // namespace lindwurm
