#include "lindwurm/backend/log.hpp"

namespace lindwurm {

PetscLogEvent log_event(const char* name) {
  PetscLogEvent event = -1;
  LINDWURM_PETSC(PetscLogEventGetId(name, &event));
  if (event < 0) LINDWURM_PETSC(PetscLogEventRegister(name, MAT_CLASSID, &event));
  return event;
}

LoggedStage::LoggedStage(const char* name) {
  PetscLogStage stage = -1;
  LINDWURM_PETSC(PetscLogStageGetId(name, &stage));
  if (stage < 0) LINDWURM_PETSC(PetscLogStageRegister(name, &stage));
  LINDWURM_PETSC(PetscLogStagePush(stage));
}

LoggedStage::~LoggedStage() { PetscLogStagePop(); }

}  // namespace lindwurm
