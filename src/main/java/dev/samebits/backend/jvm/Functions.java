package dev.samebits.backend.jvm;

import dev.samebits.kernel.DType;
import dev.samebits.kernel.Kernel;
import java.util.function.DoubleUnaryOperator;

/** exp, log, tanh and sigmoid of every element. Elements go to the threads. */
final class Functions {
  private Functions() {}

  /** {@link CanonicalMath}. */
  static Runnable canonical(Call call, ThreadTeam team) {
    Kernel kernel = call.op().kernel();
    return each(call, team, call.out(0).dtype() == DType.F32 ? f32(kernel) : f64(kernel));
  }

  private static DoubleUnaryOperator f32(Kernel kernel) {
    return switch (kernel) {
      case EXP -> x -> CanonicalMath.exp((float) x);
      case LOG -> x -> CanonicalMath.log((float) x);
      case TANH -> x -> CanonicalMath.tanh((float) x);
      case SIGMOID -> x -> CanonicalMath.sigmoid((float) x);
      default -> throw new IllegalArgumentException("no function of one element: " + kernel.id());
    };
  }

  private static DoubleUnaryOperator f64(Kernel kernel) {
    return switch (kernel) {
      case EXP -> CanonicalMath::exp;
      case LOG -> CanonicalMath::log;
      case TANH -> CanonicalMath::tanh;
      case SIGMOID -> CanonicalMath::sigmoid;
      default -> throw new IllegalArgumentException("no function of one element: " + kernel.id());
    };
  }

  /** {@code java.lang.Math} in f64, rounded to f32 if need be. */
  static Runnable math(Call call, ThreadTeam team) {
    return each(
        call,
        team,
        switch (call.op().kernel()) {
          case EXP -> Math::exp;
          case LOG -> Math::log;
          case TANH -> Math::tanh;
          case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
          default ->
              throw new IllegalArgumentException(
                  "no function of one element: " + call.op().kernel().id());
        });
  }

  private static Runnable each(Call call, ThreadTeam team, DoubleUnaryOperator function) {
    RealArray x = call.in(0);
    RealArray y = call.out(0);
    return () ->
        team.forRanges(y.length(), (worker, from, to) -> y.apply(function, x, from, to - from));
  }
}
