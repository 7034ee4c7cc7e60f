#include "lindwurm/liouville/matrix_free.hpp"
